package mcp

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// untilAnswered is a transport whose stream of requests ends once they are answered:
// a script that writes its requests and closes the stream then gets every answer,
// whereas the SDK drops those that are under way.
type untilAnswered struct{ sdk.Transport }

func (t untilAnswered) Connect(ctx context.Context) (sdk.Connection, error) {
	c, err := t.Transport.Connect(ctx)
	return &answeredConnection{Connection: c}, err
}

type answeredConnection struct {
	sdk.Connection
	asked sync.WaitGroup // requests that are not answered yet
}

// answerWithin bounds the wait for answers after the last request.
const answerWithin = 30 * time.Second

func (c *answeredConnection) Read(ctx context.Context) (jsonrpc.Message, error) {
	m, err := c.Connection.Read(ctx)
	if r, ok := m.(*jsonrpc.Request); ok && err == nil && r.IsCall() {
		c.asked.Add(1)
	}
	if errors.Is(err, io.EOF) {
		c.wait(ctx)
	}
	return m, err
}

func (c *answeredConnection) wait(ctx context.Context) {
	answered := make(chan struct{})
	go func() {
		c.asked.Wait()
		close(answered)
	}()
	select {
	case <-answered:
	case <-ctx.Done():
	case <-time.After(answerWithin):
	}
}

func (c *answeredConnection) Write(ctx context.Context, m jsonrpc.Message) error {
	err := c.Connection.Write(ctx, m)
	if _, ok := m.(*jsonrpc.Response); ok {
		c.asked.Done()
	}
	return err
}
