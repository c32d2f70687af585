// The drivers of both SDKs, but for what is named after their SDK: that is in sdk.go.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"sync"
	"sync/atomic"
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

func (f *fates) Success(Message) { f.open.Done() }

func (f *fates) Failure(_ Message, problem error) {
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
	client, err := open(todo, &told)
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

func message(raw json.RawMessage) Message {
	var kind struct{ Type string }
	check(json.Unmarshal(raw, &kind))
	var made Message
	switch kind.Type {
	case "identify":
		made = &Identify{}
	case "track":
		made = &Track{}
	case "page":
		made = &Page{}
	case "screen":
		made = &Screen{}
	case "group":
		made = &Group{}
	case "alias":
		made = &Alias{}
	}
	check(json.Unmarshal(raw, made))
	return made
}

func check(problem error) {
	if problem != nil {
		log.Fatal(problem)
	}
}
