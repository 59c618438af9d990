package main

import (
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"
	_ "github.com/coredns/coredns/plugin/bind"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/forward"
	_ "github.com/coredns/coredns/plugin/health"
	_ "github.com/coredns/coredns/plugin/kubernetes"
)

// runCoreDNS has the plugins the cluster's Corefile names, in CoreDNS's own order.
func runCoreDNS() int {
	dnsserver.Directives = []string{"bind", "health", "errors", "cache", "kubernetes", "forward"}
	coremain.Run()
	return 0
}
