package blackhole.bench.recover;

import blackhole.bench.service.FirstAnswer;
import java.nio.file.Path;

/** From {@code kill -9} to the next call that is answered. */
record Outage(FirstAnswer answer) {
  /** Kills the process, and gives how long nobody answered, in milliseconds. */
  double millis(long pid, Path socket) {
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    long killed = System.nanoTime();
    process.destroyForcibly();
    // until it is gone, it might take a call yet
    while (process.isAlive()) {
      FirstAnswer.pause(killed);
    }
    return answer.millisSince(killed, socket);
  }
}
