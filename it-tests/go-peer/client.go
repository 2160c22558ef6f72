package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"go.etcd.io/etcd/clientv3"
	"go.etcd.io/etcd/clientv3/naming/resolver"
	"google.golang.org/grpc"
)

// call calls whom etcd's own resolver finds, at a steady rate: one after the other by round_robin,
// always the same one by pick_first, which is what a client has that does not choose. A line on
// stdin asks what came of the calls so far; "end" and the end of stdin stop it.
func call(client *clientv3.Client, target, policy string, rate int) error {
	builder, err := resolver.NewBuilder(client)
	if err != nil {
		return err
	}
	connection, err := grpc.Dial(
		"etcd:///"+target,
		grpc.WithResolvers(builder),
		grpc.WithInsecure(),
		grpc.WithDefaultServiceConfig(`{"loadBalancingConfig":[{"`+policy+`":{}}]}`),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(textCodec{})))
	if err != nil {
		return err
	}
	defer connection.Close()

	result := newTally()
	var open sync.WaitGroup
	lines := readLines()
	pace := time.NewTicker(time.Second / time.Duration(rate))
	defer pace.Stop()
	for {
		select {
		case <-pace.C:
			open.Add(1)
			go func() {
				defer open.Done()
				began := time.Now()
				reply, err := callOnce(connection)
				result.took(reply, err, time.Since(began))
			}()
		case line, more := <-lines:
			if more && line != "end" {
				fmt.Println("done", result)
				continue
			}
			open.Wait()
			fmt.Println("done", result)
			return nil
		}
	}
}

// callOnce fails as calls of most programs do: at once, where no server can be reached.
func callOnce(connection *grpc.ClientConn) (message, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	var reply message
	err := connection.Invoke(ctx, sayHello, &message{"Go"}, &reply)
	return reply, err
}
