package middleware

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// EndAfter is the longest that Stop takes.
const EndAfter = 5 * time.Second

// How a server that is asked to end does: for acceptFor at most, and only while
// there is work, it goes on answering, each answer the last of its connection; what
// is then under way has until EndAfter. quiet is how long nothing must happen for
// there to be no more work, and silent how long a new connection may say nothing
// before it is no work: browsers open some in advance.
const (
	acceptFor = 4 * time.Second
	quiet     = 250 * time.Millisecond
	silent    = 500 * time.Millisecond
)

// Server is an http.Server with the limits that keep slow or greedy clients from
// holding it (5 s for the headers, 32 KiB of them; see maxConnections, writeDeadline)
// and an end at which no answer is lost.
type Server struct {
	*http.Server
	clients  *clients
	stopping atomic.Bool

	listener *listener // nil until it serves
	ended    chan struct{}

	mu     sync.Mutex
	opened map[net.Conn]time.Time // connections that have not asked yet
	active map[net.Conn]bool      // connections with a request under way
	last   time.Time              // when one of them last changed
}

// connection is what requests know of the one that they came by.
type connection struct {
	server *Server
	excess bool // its address has too many
}

type connectionKey struct{}

func connectionOf(ctx context.Context) connection {
	c, _ := ctx.Value(connectionKey{}).(connection) // the zero value where the handler is used without Server
	return c
}

// stopping says whether the server that took the request is coming to its end.
func stopping(ctx context.Context) bool {
	s := connectionOf(ctx).server
	return s != nil && s.stopping.Load()
}

// NewServer serves h, which New has made, with the same options.
func NewServer(h http.Handler, o Options) *Server {
	s := &Server{clients: newClients(o), ended: make(chan struct{}), opened: map[net.Conn]time.Time{}, active: map[net.Conn]bool{}}
	s.Server = &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       90 * time.Second,
		MaxHeaderBytes:    32 << 10,
		ConnState:         s.connState,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			excess := !s.clients.update(s.peer(c), func(u *usage) bool {
				u.connections++ // counted in any case: connState takes it off
				return u.connections <= maxConnections
			})
			return context.WithValue(ctx, connectionKey{}, connection{s, excess})
		},
	}
	return s
}

func (s *Server) peer(c net.Conn) netip.Prefix {
	a, err := netip.ParseAddrPort(c.RemoteAddr().String())
	if err != nil {
		return netip.Prefix{}
	}
	return s.clients.networkOf(a.Addr().Unmap())
}

func (s *Server) connState(c net.Conn, state http.ConnState) {
	if state == http.StateClosed || state == http.StateHijacked {
		s.clients.update(s.peer(c), func(u *usage) bool { u.connections--; return true })
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = time.Now()
	delete(s.opened, c)
	delete(s.active, c)
	switch state {
	case http.StateNew:
		s.opened[c] = s.last
	case http.StateActive:
		s.active[c] = true
	}
}

// underWay says whether a request is, or may be about to be.
func (s *Server) underWay() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, since := range s.opened {
		if time.Since(since) < silent {
			return true
		}
	}
	return len(s.active) > 0
}

// atWork says whether anything is under way, or was a moment ago.
func (s *Server) atWork() bool {
	if s.underWay() {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Since(s.last) < quiet
}

// Serve serves what comes by l, until Stop.
func (s *Server) Serve(l *net.TCPListener) error {
	defer close(s.ended)
	s.listener = &listener{TCPListener: l}
	if s.TLSConfig != nil {
		return s.Server.ServeTLS(s.listener, "", "")
	}
	return s.Server.Serve(s.listener)
}

// Stop ends the server: /ready fails at once, whoever still asks is answered, then
// nothing listens any more. It takes EndAfter at most, and no time without work.
func (s *Server) Stop() error {
	s.stopping.Store(true)
	began := time.Now()
	wait := func(limit time.Duration, work func() bool) {
		for time.Since(began) < limit && work() {
			time.Sleep(5 * time.Millisecond)
		}
	}
	wait(acceptFor, s.atWork)
	// http.Server's own Shutdown drops the requests that reach it from then on, so the
	// listener is closed before, and what it gave is answered.
	if s.listener != nil {
		s.listener.drain()
		select {
		case <-s.ended:
		case <-time.After(EndAfter - time.Since(began)):
		}
		wait(EndAfter, s.underWay)
	}
	ctx, cancel := context.WithDeadline(context.Background(), began.Add(EndAfter))
	defer cancel()
	err := s.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.Close()
	}
	if errors.Is(err, net.ErrClosed) {
		return nil // the listener, before
	}
	return err
}

// listener can be closed without losing a connection that the system has already
// taken.
type listener struct {
	*net.TCPListener
	draining atomic.Bool
}

// gap is how long no connection must come for the listener to be closed.
const gap = 300 * time.Microsecond

// Accept gives the next connection; once the listener is drained, those that wait
// already, and then net.ErrClosed.
func (l *listener) Accept() (net.Conn, error) {
	for {
		draining := l.draining.Load()
		if draining {
			if err := l.SetDeadline(time.Now().Add(gap)); err != nil {
				return nil, err
			}
		}
		c, err := l.TCPListener.Accept()
		switch {
		case err == nil || !errors.Is(err, os.ErrDeadlineExceeded):
			return c, err
		case draining && !waiting(l.TCPListener): // the gap may be over before the system was asked
			return nil, errors.Join(net.ErrClosed, l.TCPListener.Close())
		}
	}
}

// drain makes Accept end.
func (l *listener) drain() {
	l.draining.Store(true)
	_ = l.SetDeadline(time.Now()) // an error says that it is closed already
}

// slowest is the rate, in bytes a second, below which a client that reads an answer
// is given up; patience is what it has besides.
const (
	slowest  = 64 << 10
	patience = 10 * time.Second
)

// writeDeadline gives a client the time to read so many bytes more.
func writeDeadline(w http.ResponseWriter, bytes int) {
	// An error says that the writer has no deadline: it is a test's.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(patience + time.Duration(bytes)*time.Second/slowest))
}
