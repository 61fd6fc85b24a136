package blackhole.host;

import blackhole.control.v1.Ready;
import java.time.Duration;

/**
 * Whoever wants to know how this host does: the orchestrator, or nobody for a host that runs alone.
 * Thread-safe.
 */
interface Announcer {
  Announcer NOBODY = new Nobody();

  /** Starts to look for whom to tell; returns at once. */
  void start();

  void progress(String step);

  void ready(Ready ready);

  void startFailed(String reason);

  void draining(String reason);

  /** Waits, up to the timeout, until what was announced has arrived; then hangs up. */
  void finish(Duration timeout) throws InterruptedException;

  /** Hangs up at once. */
  void close();

  /** For a host without an orchestrator. */
  final class Nobody implements Announcer {
    private Nobody() {}

    @Override
    public void start() {}

    @Override
    public void progress(String step) {}

    @Override
    public void ready(Ready ready) {}

    @Override
    public void startFailed(String reason) {}

    @Override
    public void draining(String reason) {}

    @Override
    public void finish(Duration timeout) {}

    @Override
    public void close() {}
  }
}
