package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"go.etcd.io/etcd/clientv3"
	"go.etcd.io/etcd/clientv3/naming/endpoints"
	"google.golang.org/grpc"
)

// serve answers on a port of the system's choice and stands in etcd, under a lease that is kept
// alive, until SIGTERM. Then it does what a careful Go service does: it revokes the lease, lets the
// calls that are under way finish, and ends.
func serve(client *clientv3.Client, target, name string, ttl int64) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := grpc.NewServer(grpc.CustomCodec(namedCodec{}))
	server.RegisterService(greeter{name}.description(), nil)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()

	address := listener.Addr().String()
	lease, err := register(client, target, address, ttl)
	if err != nil {
		return err
	}
	fmt.Println(name, "registered as", target+"/"+address)
	fmt.Println(name, "listens on port", listener.Addr().(*net.TCPAddr).Port)

	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	select {
	case err := <-ended:
		return err
	case <-stop:
	}
	if _, err := client.Revoke(context.Background(), lease); err != nil {
		return err
	}
	fmt.Println(name, "withdrawn")
	stopGracefully(server)
	fmt.Println(name, "stopped")
	return nil
}

// stopGracefully waits a while and no longer, as it should be done: when the last call ends just as
// the connection is being closed, gRPC for Go 1.33 and gRPC for Java can wait for each other to
// close it, with an agent or without.
func stopGracefully(server *grpc.Server) {
	done := make(chan struct{})
	go func() {
		server.GracefulStop()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(3 * time.Second):
		server.Stop()
	}
}

func register(client *clientv3.Client, target, address string, ttl int64) (clientv3.LeaseID, error) {
	lease, err := client.Grant(context.Background(), ttl)
	if err != nil {
		return 0, err
	}
	alive, err := client.KeepAlive(context.Background(), lease.ID)
	if err != nil {
		return 0, err
	}
	go func() {
		for range alive {
		}
		fmt.Println("the lease is no longer kept alive")
	}()
	manager, err := endpoints.NewManager(client, target)
	if err != nil {
		return 0, err
	}
	endpoint := endpoints.Endpoint{Addr: address}
	return lease.ID, manager.AddEndpoint(
		context.Background(), target+"/"+address, endpoint, clientv3.WithLease(lease.ID))
}

// namedCodec is the codec in the older form that a server of this gRPC takes.
type namedCodec struct{ textCodec }

func (namedCodec) String() string { return "proto" }
