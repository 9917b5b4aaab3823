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
// there to be no more work.
const (
	acceptFor = 4 * time.Second
	quiet     = 250 * time.Millisecond
)

// Server is an http.Server with the limits that keep slow or greedy clients from
// holding it (5 s for the headers, 32 KiB of them; see maxConnections, writeDeadline)
// and an end at which no answer is lost.
type Server struct {
	*http.Server
	clients  *clients
	stopping atomic.Bool

	mu   sync.Mutex
	busy map[net.Conn]bool // connections over which a request is awaited for the first time, or under way
	last time.Time         // when one of them was last busy
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
	s := &Server{clients: newClients(o), busy: map[net.Conn]bool{}}
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
	if state == http.StateNew || state == http.StateActive {
		s.busy[c] = true
	} else if s.busy[c] {
		delete(s.busy, c)
	}
	s.last = time.Now()
}

// atWork says whether anything is under way, or was a moment ago.
func (s *Server) atWork() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.busy) > 0 || time.Since(s.last) < quiet
}

// Stop ends the server: /ready fails at once, whoever still asks is answered, then
// nothing listens any more. It takes EndAfter at most, and no time without work.
func (s *Server) Stop() error {
	s.stopping.Store(true)
	began := time.Now()
	for time.Since(began) < acceptFor && s.atWork() {
		time.Sleep(10 * time.Millisecond)
	}
	ctx, cancel := context.WithDeadline(context.Background(), began.Add(EndAfter))
	defer cancel()
	err := s.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return s.Close()
	}
	return err
}

// Listener makes closing l lose no connection that the system has already taken:
// those that wait are accepted first.
func Listener(l *net.TCPListener) net.Listener { return &listener{TCPListener: l} }

type listener struct {
	*net.TCPListener
	closing atomic.Bool
}

func (l *listener) Accept() (net.Conn, error) {
	c, err := l.TCPListener.Accept()
	if err != nil && l.closing.Load() && errors.Is(err, os.ErrDeadlineExceeded) {
		return nil, errors.Join(net.ErrClosed, l.TCPListener.Close())
	}
	return c, err
}

// Close lets Accept wait for a millisecond more: when that is over, no connection
// was waiting.
func (l *listener) Close() error {
	if l.closing.Swap(true) {
		return l.TCPListener.Close()
	}
	return l.SetDeadline(time.Now().Add(time.Millisecond))
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
