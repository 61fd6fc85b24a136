package blackhole.orchestrator.control;

import blackhole.control.v1.Hello;
import blackhole.control.v1.Ready;
import blackhole.control.v1.Sample;
import blackhole.control.v1.Spans;

/**
 * What hosts say of themselves. The calls for one host come one at a time and in order, over all
 * its sessions: {@link #helloed} first and {@link #lost} last, except where a newer session takes
 * an older one's place; then {@link #helloed} comes again, with no {@link #lost} between. They must
 * not block.
 */
public interface ControlListener {
  /** A host proved who it is. The token is left out of the message. */
  void helloed(HostSession session, Hello hello);

  /** It began a step of its start; the last of these explains a start that never ends. */
  void progress(HostSession session, String step);

  /** It serves. Comes again after each reconnect. */
  void ready(HostSession session, Ready ready);

  /** It cannot start, and exits by itself now. */
  void startFailed(HostSession session, String reason);

  /** It takes no new calls from now on, on our request or its own. */
  void draining(HostSession session, String reason);

  /** It looked at its JVM. Comes now and then, if samples were asked for. */
  default void sampled(HostSession session, Sample sample) {}

  /** It has ended these. */
  default void spans(HostSession session, Spans spans) {}

  /** The stream is gone, which says nothing certain about the process. */
  void lost(HostSession session, String cause);
}
