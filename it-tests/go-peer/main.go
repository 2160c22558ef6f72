// Go programs as they stand in mixed fleets: a greeter's server that registers by etcd's own naming
// package, and a client that finds its servers by etcd's own resolver.
//
//	go-peer server ETCD TARGET NAME TTL_SECONDS
//	go-peer client ETCD TARGET round_robin|pick_first CALLS_PER_SECOND
//
// TARGET is the prefix of the keys, "/services/helloworld.Greeter".
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"time"

	"go.etcd.io/etcd/clientv3"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 5 {
		return fmt.Errorf("usage: go-peer server|client ETCD TARGET ...")
	}
	client, err := clientv3.New(
		clientv3.Config{Endpoints: []string{args[1]}, DialTimeout: 5 * time.Second})
	if err != nil {
		return err
	}
	defer client.Close()
	number, err := strconv.Atoi(args[len(args)-1])
	if err != nil {
		return err
	}
	if args[0] == "server" {
		return serve(client, args[2], args[3], int64(number))
	}
	return call(client, args[2], args[3], number)
}

// readLines ends when stdin does: whoever started this is gone.
func readLines() <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		in := bufio.NewScanner(os.Stdin)
		for in.Scan() {
			lines <- in.Text()
		}
	}()
	return lines
}
