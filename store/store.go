// Package store keeps an edition and its index in one bbolt file that can
// always be thrown away.
package store

import (
	"context"
	"errors"
)

// Writer takes the values of a store under construction.
type Writer struct{}

// Put keeps a value. The key must not be empty; a second value replaces the first.
func (w *Writer) Put(bucket, key string, value []byte) error { return errors.New("not built yet") }

// Store is a finished store, open for reading by any number of goroutines.
type Store struct{}

// Notice is something that the user should know: the store was rebuilt, or is
// not where it was asked for, and why. In French.
type Notice string

// Options say where the store is and what it must hold.
type Options struct {
	Path  string                                     // the file; "" keeps it in memory
	Stamp string                                     // what it must have been built from
	Build func(ctx context.Context, w *Writer) error // called when the file is missing, different or damaged
}

// Open opens the file if it is whole and bears the stamp, else builds it anew,
// beside it and then in its place. When another process holds the place, or it
// cannot be written, the store is a temporary file, or stays in memory.
func Open(ctx context.Context, o Options) (*Store, []Notice, error) {
	return nil, nil, errors.New("not built yet")
}

// Get reads a value; nil without an error when there is none.
func (s *Store) Get(bucket, key string) ([]byte, error) { return nil, errors.New("not built yet") }

// Keys lists a bucket's keys in byte order.
func (s *Store) Keys(bucket string) ([]string, error) { return nil, errors.New("not built yet") }

// Path is the file in use; "" when the store is in memory.
func (s *Store) Path() string { return "" }

// Rebuilt says whether Open built the store rather than reusing it.
func (s *Store) Rebuilt() bool { return false }

// Close frees the file and removes it if it was temporary.
func (s *Store) Close() error { return nil }
