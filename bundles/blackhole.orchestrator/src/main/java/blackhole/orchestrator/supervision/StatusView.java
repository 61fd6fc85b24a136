package blackhole.orchestrator.supervision;

import blackhole.api.supervision.Failure;
import blackhole.api.supervision.InstanceDetails;
import blackhole.api.supervision.InstanceStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the world sees of an instance: immutable, made anew after each event.
 *
 * @param status as of the event, without its uptime, and with zero for whatever its next start is
 * @param launched when the running process was started, in monotonic nanoseconds
 * @param nextStart in monotonic nanoseconds
 * @param flaps as of the event
 * @param failures newest first
 * @param counts what happened to it so far
 * @param archive as {@link ManagedInstance#archive}
 */
record StatusView(
    InstanceStatus status,
    OptionalLong launched,
    OptionalLong nextStart,
    boolean flaps,
    List<Failure> failures,
    Optional<String> archive,
    InstanceDetails.Counts counts) {
  static StatusView of(ManagedInstance instance, Path socket, long now) {
    State state = instance.state();
    Dependencies dependencies = instance.dependencies();
    InstanceRecord record = instance.record();
    // while a process is being started there is none to show
    Optional<Run> run = instance.run().filter(present -> present.process().isPresent());
    OptionalLong nextStart = state.nextStart(now);
    InstanceStatus status =
        new InstanceStatus(
            instance.id(),
            state.shown(),
            state.health(dependencies),
            state.message(dependencies),
            run.map(Run::pid).orElse(OptionalLong.empty()),
            run.map(Run::launchedAt),
            Optional.empty(),
            record.restarts(),
            record.lastRestart(),
            record.lastExit(),
            socket,
            run.map(Run::port).orElse(OptionalInt.empty()),
            run.flatMap(Run::bundleVersion),
            nextStart.isPresent() ? Optional.of(Duration.ZERO) : Optional.empty());
    OptionalLong launched =
        run.isPresent() ? OptionalLong.of(run.get().launched()) : OptionalLong.empty();
    return new StatusView(
        status,
        launched,
        nextStart,
        state.flaps(),
        record.failures(),
        instance.archive(),
        record.counts());
  }

  InstanceStatus at(long nanos) {
    Optional<Duration> uptime =
        launched.isPresent()
            ? Optional.of(Duration.ofNanos(nanos - launched.getAsLong()))
            : Optional.empty();
    return new InstanceStatus(
        status.id(),
        status.state(),
        status.health(),
        status.message(),
        status.pid(),
        status.started(),
        uptime,
        status.restarts(),
        status.lastRestart(),
        status.lastExit(),
        status.socket(),
        status.port(),
        status.bundleVersion(),
        nextStart.isPresent()
            ? Optional.of(Duration.ofNanos(Math.max(0, nextStart.getAsLong() - nanos)))
            : Optional.empty());
  }
}
