package blackhole.bench.recover;

import java.io.IOException;
import java.nio.file.Path;

/** A service that somebody starts again when its process dies. */
interface Supervised extends AutoCloseable {
  /** What a person reads. */
  String name();

  /** Where callers find it, whichever process serves. */
  Path socket();

  /** Waits until all is as prepared for a crash as it gets, and gives the process that serves. */
  long awaitPrepared() throws IOException, InterruptedException;

  /** Ends all of it. */
  @Override
  void close() throws IOException, InterruptedException;
}
