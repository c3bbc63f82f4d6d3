package conform

import (
	"slices"
	"sync"

	"palletgen/gen/supervisor"
)

// How many hosts there are at a time: most of what they do is to wait. A supervisor whose commands take much work gets
// no more of them than it can bear.
const (
	atATime = 16
	ofOne   = 4 // supervisor
)

// work does the jobs, several at a time.
func work(jobs []*job) {
	q := &queue{jobs: jobs, busy: map[*supervisor.Supervisor]int{}}
	q.changed.L = &q.mu
	var workers sync.WaitGroup
	for range atATime {
		workers.Go(func() {
			for j := q.next(); j != nil; j = q.next() {
				j.do()
				q.done(j)
			}
		})
	}
	workers.Wait()
}

// A queue hands out jobs.
type queue struct {
	mu      sync.Mutex
	changed sync.Cond
	jobs    []*job
	busy    map[*supervisor.Supervisor]int // how many of its jobs are under way
}

// next is the first job whose supervisor has not enough to do already, nil when there is none left.
func (q *queue) next() *job {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.jobs) > 0 {
		for i, j := range q.jobs {
			if q.busy[j.sup] < ofOne {
				q.jobs = slices.Delete(q.jobs, i, i+1)
				q.busy[j.sup]++
				return j
			}
		}
		q.changed.Wait()
	}
	return nil
}

func (q *queue) done(j *job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.busy[j.sup]--
	q.changed.Broadcast()
}
