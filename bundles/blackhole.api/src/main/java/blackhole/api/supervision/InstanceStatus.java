package blackhole.api.supervision;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * An instance at one moment.
 *
 * @param message why it is so, in words; empty when there is nothing to say
 * @param started when the running process was started
 * @param uptime since then
 * @param restarts how often it was started again since the node's start without anybody asking
 * @param lastRestart when that last happened
 * @param lastExit how its last process ended, in words
 * @param socket the stable path that callers use
 * @param nextStart how long until it is started; zero while it starts, and where it is to start as
 *     soon as its process has ended; empty when it runs, or when nobody is going to start it
 */
public record InstanceStatus(
    InstanceId id,
    InstanceState state,
    InstanceHealth health,
    String message,
    OptionalLong pid,
    Optional<Instant> started,
    Optional<Duration> uptime,
    int restarts,
    Optional<Instant> lastRestart,
    Optional<String> lastExit,
    Path socket,
    OptionalInt port,
    Optional<String> bundleVersion,
    Optional<Duration> nextStart) {
  /** One that nobody is going to start. */
  public InstanceStatus(
      InstanceId id,
      InstanceState state,
      InstanceHealth health,
      String message,
      OptionalLong pid,
      Optional<Instant> started,
      Optional<Duration> uptime,
      int restarts,
      Optional<Instant> lastRestart,
      Optional<String> lastExit,
      Path socket,
      OptionalInt port,
      Optional<String> bundleVersion) {
    this(
        id,
        state,
        health,
        message,
        pid,
        started,
        uptime,
        restarts,
        lastRestart,
        lastExit,
        socket,
        port,
        bundleVersion,
        Optional.empty());
  }
}
