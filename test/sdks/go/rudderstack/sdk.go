// Makes the calls of a job (see driver.ts) with RudderStack's analytics-go.
package main

import (
	"time"

	"github.com/rudderlabs/analytics-go/v4"
)

type (
	Message  = analytics.Message
	Identify = analytics.Identify
	Track    = analytics.Track
	Page     = analytics.Page
	Screen   = analytics.Screen
	Group    = analytics.Group
	Alias    = analytics.Alias
)

func open(todo job, told *fates) (analytics.Client, error) {
	return analytics.NewWithConfig(todo.WriteKey, analytics.Config{
		DataPlaneUrl: todo.URL,
		BatchSize:    todo.FlushAt,
		Interval:     200 * time.Millisecond,
		Callback:     told,
	})
}
