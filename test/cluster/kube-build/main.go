// Command hyperkube is every program of the embedded cluster in one file; it becomes the one whose name it is called by.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	etcd "go.etcd.io/etcd/server/v3/etcdmain"
	helm "helm.sh/helm/v4/pkg/cmd"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
	kwok "sigs.k8s.io/kwok/pkg/kwok/cmd"
)

func main() {
	programs := map[string]func() int{
		"kube-apiserver":          func() int { return cli.Run(apiserver.NewAPIServerCommand()) },
		"kube-controller-manager": func() int { return cli.Run(controllermanager.NewControllerManagerCommand()) },
		"kube-scheduler":          func() int { return cli.Run(scheduler.NewSchedulerCommand()) },
		"kube-proxy":              func() int { return cli.Run(proxy.NewProxyCommand()) },
		"kubectl":                 func() int { return cli.Run(kubectl.NewDefaultKubectlCommand()) },
		// A context that a signal cancels makes the kubelet panic: it sets up its own.
		"kubelet": func() int { return cli.Run(kubelet.NewKubeletCommand(context.Background())) },
		"etcd":    func() int { etcd.Main(os.Args); return 0 },
		"coredns": runCoreDNS,
		"kwok":    runKwok,
		"helm":    runHelm,
	}
	name := filepath.Base(os.Args[0])
	program, known := programs[name]
	if !known {
		fmt.Fprintf(os.Stderr, "hyperkube: called as %q; call it through a link named after one of its programs\n", name)
		os.Exit(2)
	}
	os.Exit(program())
}

func runKwok() int {
	command := kwok.NewCommand(context.Background())
	// Its --version would collide with the flag of the same name that Kubernetes registers for all.
	command.Version = ""
	return run(command)
}

func runHelm() int {
	command, err := helm.NewRootCmd(os.Stdout, os.Args[1:], helm.SetupLogging)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return run(command)
}

func run(command *cobra.Command) int {
	if err := command.Execute(); err != nil {
		return 1
	}
	return 0
}
