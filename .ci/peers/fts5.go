package main

import (
	"database/sql"
	"strings"

	_ "modernc.org/sqlite"
)

// fts5 is SQLite's full-text index.
type fts5 struct{}

func (fts5) build(path string, rows func(func(row) error) error) error {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.Exec(`create virtual table rows using fts5(id unindexed, title, text, tokenize = "unicode61 remove_diacritics 2")`); err != nil {
		return err
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	insert, err := tx.Prepare(`insert into rows values (?, ?, ?)`)
	if err != nil {
		return err
	}
	err = rows(func(r row) error {
		_, err := insert.Exec(r.ID, r.Title, r.Text)
		return err
	})
	if err != nil {
		return err
	}
	return tx.Commit()
}

func (fts5) open(path string) (func(string) error, error) {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return nil, err
	}
	search, err := db.Prepare(`select id, title, snippet(rows, 2, '<mark>', '</mark>', '…', 30) from rows where rows match ? order by bm25(rows, 0, 3, 1) limit 10`)
	if err != nil {
		return nil, err
	}
	count, err := db.Prepare(`select count(*) from rows where rows match ?`)
	if err != nil {
		return nil, err
	}
	return func(question string) error {
		var words []string
		for _, w := range strings.FieldsFunc(question, func(r rune) bool { return r < 'A' && (r < '0' || r > '9') }) {
			words = append(words, `"`+strings.ReplaceAll(w, `"`, "")+`"`)
		}
		match := strings.Join(words, " OR ")
		if match == "" {
			return nil
		}
		found, err := search.Query(match)
		if err != nil {
			return err
		}
		defer found.Close()
		for found.Next() {
			var id, title, snippet string
			if err := found.Scan(&id, &title, &snippet); err != nil {
				return err
			}
		}
		var total int
		return count.QueryRow(match).Scan(&total)
	}, nil
}
