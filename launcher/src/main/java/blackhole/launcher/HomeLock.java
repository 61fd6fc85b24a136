package blackhole.launcher;

import blackhole.api.host.NodeHome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The lock that makes one process the node of a home. The kernel holds it for the life of the
 * process, so a crash leaves nothing behind that blocks; the file itself may stay.
 *
 * <p>It is a POSIX record lock: the process that holds it must not open and close the file again,
 * which would release it.
 */
final class HomeLock implements AutoCloseable {
  /** Who looks and lets go again, as {@code stop} does, holds it for less than this. */
  private static final long PASSING_HOLDER_MILLIS = 1000;

  private final FileChannel file;

  private HomeLock(FileChannel file) {
    this.file = file;
  }

  /**
   * Takes the lock, and writes our PID into it.
   *
   * @throws LauncherException with code 4 when another process is the node
   */
  static HomeLock acquire(NodeHome home) throws IOException, InterruptedException {
    FileChannel file =
        FileChannel.open(
            home.lock(),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    if (file.tryLock() == null && !lockSoon(file, home)) {
      long holder = LockHolder.pid(home.lock());
      file.close();
      throw new LauncherException(
          ExitCodes.HOME_IN_USE,
          "the home " + home + " is in use by the node with PID " + holder,
          "attach to it: "
              + Help.PROGRAM
              + " shell --home "
              + home
              + "; or name another home with --home");
    }
    file.truncate(0);
    file.write(
        ByteBuffer.wrap(
            (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
    return new HomeLock(file);
  }

  /** Waits a moment, unless the holder has settled: then it is a node, which won't let go. */
  private static boolean lockSoon(FileChannel file, NodeHome home)
      throws IOException, InterruptedException {
    if (LockHolder.isSettled(home.lock())) {
      return false;
    }
    return awaitLock(file, PASSING_HOLDER_MILLIS) != null;
  }

  /**
   * Waits until the holder lets go; then the home is free.
   *
   * @return false when it still holds the lock after this time
   */
  static boolean awaitFree(NodeHome home, long timeoutMillis)
      throws IOException, InterruptedException {
    try (FileChannel file = FileChannel.open(home.lock(), StandardOpenOption.WRITE)) {
      return awaitLock(file, timeoutMillis) != null;
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  /** The kernel wakes the waiter; a thread of its own, because that wait knows no timeout. */
  private static @Nullable FileLock awaitLock(FileChannel file, long timeoutMillis)
      throws IOException, InterruptedException {
    CompletableFuture<FileLock> locked = new CompletableFuture<>();
    Thread waiter =
        new Thread(
            () -> {
              try {
                locked.complete(file.lock());
              } catch (IOException e) {
                locked.completeExceptionally(e);
              }
            },
            "await-lock");
    waiter.setDaemon(true);
    waiter.start();
    try {
      return locked.get(timeoutMillis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  /** Whether a process holds the lock, as far as can be told without touching it. */
  static boolean isHeld(NodeHome home) throws IOException {
    Path lock = home.lock();
    return Files.exists(lock) && LockHolder.pid(lock) > 0;
  }

  /** Lets go, and leaves an empty file. */
  @Override
  public void close() throws IOException {
    try (FileChannel closing = file) {
      closing.truncate(0);
    }
  }
}
