// Makes the calls of a job (see driver.ts) with RudderStack's analytics-go.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rudderlabs/analytics-go/v4"
)

type job struct {
	URL      string            `json:"url"`
	WriteKey string            `json:"writeKey"`
	FlushAt  int               `json:"flushAt"`
	Close    string            `json:"close"`
	Messages []json.RawMessage `json:"messages"`
}

// fates counts what the SDK reports of each message.
type fates struct {
	open sync.WaitGroup
	lost atomic.Int64
}

func (f *fates) Success(analytics.Message) { f.open.Done() }

func (f *fates) Failure(_ analytics.Message, problem error) {
	log.Print(problem)
	f.lost.Add(1)
	f.open.Done()
}

func main() {
	line, err := bufio.NewReader(os.Stdin).ReadBytes('\n')
	check(err)
	var todo job
	check(json.Unmarshal(line, &todo))
	var told fates
	client, err := analytics.NewWithConfig(todo.WriteKey, analytics.Config{
		DataPlaneUrl: todo.URL,
		BatchSize:    todo.FlushAt,
		Interval:     200 * time.Millisecond,
		Callback:     &told,
	})
	check(err)
	for _, raw := range todo.Messages {
		told.open.Add(1)
		check(client.Enqueue(message(raw)))
	}
	if todo.Close == "when sent" {
		told.open.Wait()
	}
	check(client.Close())
	fmt.Println("failed", told.lost.Load())
}

func message(raw json.RawMessage) analytics.Message {
	var kind struct{ Type string }
	check(json.Unmarshal(raw, &kind))
	var made analytics.Message
	switch kind.Type {
	case "identify":
		made = &analytics.Identify{}
	case "track":
		made = &analytics.Track{}
	case "page":
		made = &analytics.Page{}
	case "screen":
		made = &analytics.Screen{}
	case "group":
		made = &analytics.Group{}
	case "alias":
		made = &analytics.Alias{}
	}
	check(json.Unmarshal(raw, made))
	return made
}

func check(problem error) {
	if problem != nil {
		log.Fatal(problem)
	}
}
