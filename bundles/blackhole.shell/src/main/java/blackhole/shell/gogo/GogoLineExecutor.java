package blackhole.shell.gogo;

import blackhole.api.shell.LineExecutor;
import blackhole.api.shell.LineResult;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;

/** Runs lines from code: each in a session of its own, without a terminal. */
final class GogoLineExecutor implements LineExecutor {
  /** Answers travel in one message; who wants more asks for less at a time. */
  private static final int LIMIT_BYTES = 1 << 20;

  private final GogoRuntime runtime;

  GogoLineExecutor(GogoRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public LineResult execute(String line, Path directory) {
    AtomicReference<GogoSession> running = new AtomicReference<>();
    Runnable end =
        () -> {
          GogoSession session = running.get();
          if (session != null) {
            session.close();
          }
        };
    BoundedOutput out = new BoundedOutput(LIMIT_BYTES, end);
    BoundedOutput err = new BoundedOutput(LIMIT_BYTES, end);
    int exitCode;
    try (GogoSession session =
        new GogoSession(runtime, InputStream.nullInputStream(), out, err, directory, () -> 0)) {
      running.set(session);
      exitCode = session.run(line);
    }
    if (out.isFull() || err.isFull()) {
      return new LineResult(
          1, out.text(), "more output than the " + LIMIT_BYTES + " bytes that are kept\n");
    }
    return new LineResult(exitCode, out.text(), err.text());
  }
}
