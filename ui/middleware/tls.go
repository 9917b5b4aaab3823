package middleware

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync"
	"time"
)

// recheck is how often the certificate's files are looked at.
const recheck = 5 * time.Second

// TLS gives a configuration of TLS 1.2 at least, without suites of CBC, that serves the pair of files,
// and takes a new pair over when they change, without a restart. A new pair
// that cannot be read leaves the one in use; warn hears of it.
func TLS(certFile, keyFile string, warn func(error)) (*tls.Config, error) {
	p := &pair{cert: certFile, key: keyFile, warn: warn}
	if err := p.load(); err != nil {
		return nil, err
	}
	p.checked = time.Now()
	return &tls.Config{MinVersion: tls.VersionTLS12, CipherSuites: suites, GetCertificate: p.get, NextProtos: []string{"h2", "http/1.1"}}, nil
}

// suites are those of TLS 1.2 that encrypt and authenticate in one (AEAD) and whose
// keys are ephemeral, as ANSSI's guide to TLS asks; TLS 1.3 has no others.
var suites = []uint16{
	tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
}

type pair struct {
	cert, key string
	warn      func(error)

	mu      sync.Mutex
	checked time.Time
	stamp   string // of the files in use
	current *tls.Certificate
}

func (p *pair) load() error {
	stamp, err := p.stampOf()
	if err != nil {
		return err
	}
	c, err := tls.LoadX509KeyPair(p.cert, p.key)
	if err != nil {
		return fmt.Errorf("le certificat %s et la clé %s ne peuvent pas servir (%w) : vérifiez qu’ils sont au format PEM et vont ensemble", p.cert, p.key, err)
	}
	p.current, p.stamp = &c, stamp
	return nil
}

func (p *pair) stampOf() (string, error) {
	s := ""
	for _, f := range []string{p.cert, p.key} {
		i, err := os.Stat(f)
		if err != nil {
			return "", fmt.Errorf("le fichier %s de TLS ne peut pas être lu : %w", f, err)
		}
		if !i.Mode().IsRegular() { // opening a FIFO would wait for ever
			return "", fmt.Errorf("le fichier %s de TLS n’est pas un fichier ordinaire : indiquez un fichier PEM", f)
		}
		s += fmt.Sprint(i.ModTime().UnixNano(), ":", i.Size(), " ")
	}
	return s, nil
}

func (p *pair) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := time.Now(); now.Sub(p.checked) >= recheck {
		p.checked = now
		stamp, err := p.stampOf()
		if err == nil && stamp != p.stamp {
			err = p.load()
		}
		if err != nil && p.warn != nil {
			p.warn(err)
		}
	}
	return p.current, nil
}
