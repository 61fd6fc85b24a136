/**
 * Keeps the instances of this node running. What is to be done is decided without any I/O: each
 * {@link blackhole.orchestrator.supervision.State} says, event by event, what comes next and which
 * actions that takes. {@link blackhole.orchestrator.supervision.SupervisorEngine} feeds events to
 * the states one at a time and carries the actions out, through an {@link
 * blackhole.orchestrator.supervision.InstanceDriver} that knows hosts and processes.
 */
@NullMarked
package blackhole.orchestrator.supervision;

import org.jspecify.annotations.NullMarked;
