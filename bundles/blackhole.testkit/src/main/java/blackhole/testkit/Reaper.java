package blackhole.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A tiny process that outlives the test's JVM if that is killed. When its stdin ends, for whatever
 * reason, it stops the node that it was told of last, ends every process whose command line names
 * the home or what is in it, and removes the directory.
 */
public final class Reaper implements AutoCloseable {
  private static final String SCRIPT =
      """
      trap '' HUP INT TERM
      ours() { tr '\\0' '\\n' < "/proc/$1/cmdline" 2> /dev/null | grep -qF -e "$home"; }
      home=$2
      while read -r line; do node=$line; done
      if [ -n "$node" ] && ours "$node" && kill -TERM "$node" 2> /dev/null; then
        left=200
        while kill -0 "$node" 2> /dev/null && [ $left -gt 0 ]; do
          sleep 0.1
          left=$((left - 1))
        done
      fi
      passes=20
      while
        found=
        for process in /proc/[0-9]*; do
          process=${process#/proc/}
          if [ "$process" != $$ ] && ours "$process"; then
            found=$process
            # with all that it started, where it leads a group
            kill -KILL -- "-$process" 2> /dev/null || kill -KILL "$process" 2> /dev/null
          fi
        done
        passes=$((passes - 1))
        [ -n "$found" ] && [ $passes -gt 0 ]
      do
        sleep 0.1
      done
      rm -rf -- "$1"
      """;

  private final Process process;

  private Reaper(Process process) {
    this.process = process;
  }

  /**
   * @param directory what to remove
   * @param home what the command lines of the node's processes name, alone or as a folder
   */
  public static Reaper start(Path directory, Path home) throws IOException {
    Process process =
        new ProcessBuilder("setsid", "sh", "-c", SCRIPT, "reaper", "" + directory, "" + home)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return new Reaper(process);
  }

  /** Of the reaper itself, whose command line names the home too. */
  public long pid() {
    return process.pid();
  }

  /** The node runs in this process from now on. */
  public void watch(long pid) throws IOException {
    OutputStream stdin = process.getOutputStream();
    stdin.write((pid + "\n").getBytes(StandardCharsets.US_ASCII));
    stdin.flush();
  }

  /** Lets it do its work now, and waits for that. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("the node's remains could not be removed within 60 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
