package blackhole.bench.recover;

import blackhole.bench.service.BareServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * grpc-java alone in a JVM that is up, has served and called itself once, and waits for the end of
 * the one that serves: what a warm spare costs without anything of ours.
 */
final class WaitingServer implements Supervised {
  private final List<String> command;
  private final Path socket;
  private Process waiting;
  private Process serving;
  private CompletableFuture<Void> succession;

  /**
   * @param java the command line of the server, its program first
   */
  WaitingServer(List<String> java, Path socket) throws IOException {
    this.command = new ArrayList<>(java);
    command.add("wait");
    this.socket = socket;
    this.serving = wait(command);
    begin(serving);
    this.waiting = wait(command);
    this.succession = succession();
  }

  private static Process wait(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    // not closed: that would be the end of its output
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String said = output.readLine();
    if (!BareServer.WAITING.equals(said)) {
      process.destroyForcibly();
      throw new IOException("the bare server does not wait, but says " + said);
    }
    return process;
  }

  private static void begin(Process process) throws IOException {
    OutputStream input = process.getOutputStream();
    input.write('\n');
    input.flush();
  }

  private CompletableFuture<Void> succession() {
    Process successor = waiting;
    return serving
        .onExit()
        .thenAccept(
            ended -> {
              try {
                begin(successor);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  @Override
  public String name() {
    return "bare grpc-java, waits";
  }

  @Override
  public Path socket() {
    return socket;
  }

  @Override
  public long awaitPrepared() throws IOException {
    if (!serving.isAlive()) {
      succession.join();
      serving = waiting;
      waiting = wait(command);
      succession = succession();
    }
    return serving.pid();
  }

  @Override
  public void close() {
    waiting.destroyForcibly().onExit().join();
    serving.destroyForcibly().onExit().join();
  }
}
