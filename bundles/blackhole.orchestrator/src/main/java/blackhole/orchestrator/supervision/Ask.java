package blackhole.orchestrator.supervision;

import java.time.Duration;

/** Why a process is to end, if anybody wants that. */
sealed interface Ask {
  /** Nobody does. */
  record Nobody() implements Ask {}

  /** A command, or the node, which stops. */
  record Stop(String who) implements Ask {}

  /** It drains though nobody here told it to: a SIGTERM from outside, for example. */
  record Outside(String reason) implements Ask {}

  /** It did not answer this many health checks in a row. */
  record Hung(int unanswered) implements Ask {}

  /** It was started by an earlier orchestrator, and did not call this one in time. */
  record Estranged(Duration limit) implements Ask {}

  /** It did not get ready in time. */
  record StartTimeout(Duration limit) implements Ask {}
}
