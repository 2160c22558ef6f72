package main

import (
	"encoding/json"
	"fmt"
	"sort"
	"sync"
	"time"

	"google.golang.org/grpc/status"
)

// A tally is what came of the calls: answers by server, and failures by their status, in the form
// in which the load client in Java says it.
type tally struct {
	lock   sync.Mutex
	began  time.Time
	ok     map[string]int
	failed map[string][]time.Duration
}

func newTally() *tally {
	return &tally{began: time.Now(), ok: map[string]int{}, failed: map[string][]time.Duration{}}
}

func (t *tally) took(reply message, err error, took time.Duration) {
	t.lock.Lock()
	defer t.lock.Unlock()
	if err != nil {
		why := status.Convert(err)
		what := why.Code().String() + ": " + why.Message()
		t.failed[what] = append(t.failed[what], took)
		return
	}
	server := reply[1]
	if t.ok[server]++; t.ok[server] == 1 {
		fmt.Println("answered by", server)
	}
}

func (t *tally) String() string {
	t.lock.Lock()
	defer t.lock.Unlock()
	failed := map[string]interface{}{}
	for what, times := range t.failed {
		sort.Slice(times, func(i, j int) bool { return times[i] < times[j] })
		failed[what] = map[string]int64{
			"n":      int64(len(times)),
			"p50_us": times[len(times)/2].Microseconds(),
			"p99_us": times[len(times)*99/100].Microseconds(),
		}
	}
	text, err := json.Marshal(map[string]interface{}{
		"ok": t.ok, "failed": failed, "millis": time.Since(t.began).Milliseconds()})
	if err != nil {
		return err.Error()
	}
	return string(text)
}
