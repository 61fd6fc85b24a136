package blackhole.launcher;

import blackhole.api.host.NodeHome;
import blackhole.shell.protocol.CommandRequest;
import blackhole.shell.protocol.Frame;
import blackhole.shell.protocol.FrameChannel;
import blackhole.shell.protocol.FrameType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Runs a node's commands for who reads their output. What a service takes and answers is JSON, so
 * the launcher needs none of its types. For one thread.
 */
final class NodeCalls {
  /** Of one call, a service's start included. */
  private static final String TIMEOUT = "60s";

  private final NodeHome home;
  private String token = "";

  NodeCalls(NodeHome home) {
    this.home = home;
  }

  /** From now on calls are this user's. */
  void authenticate(String userToken) {
    token = userToken;
  }

  /** The answer of a method that has one. */
  Json call(String method, String request) throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    run(words(method, request), line -> !lines.add(line));
    if (lines.size() != 1) {
      throw LauncherException.failed(method + " gave " + lines.size() + " answers");
    }
    return Json.parse(lines.get(0));
  }

  /** The first of a method's answers that is meant. */
  Json find(String method, String request, Predicate<Json> meant)
      throws IOException, InterruptedException {
    List<Json> found = new ArrayList<>();
    run(
        words(method, request),
        line -> {
          Json answer = Json.parse(line);
          return meant.test(answer) && found.add(answer);
        });
    if (found.isEmpty()) {
      throw LauncherException.failed(method + " ended without the answer that was looked for");
    }
    return found.get(0);
  }

  /** The rows of {@code ps}. */
  Json ps() throws IOException, InterruptedException {
    StringBuilder rows = new StringBuilder();
    run(
        List.of("ps", "--json"),
        line -> {
          rows.append(line);
          return false;
        });
    return Json.parse(rows.toString());
  }

  private List<String> words(String method, String request) {
    List<String> words = new ArrayList<>(List.of("call", "--timeout", TIMEOUT));
    if (!token.isEmpty()) {
      words.addAll(List.of("--header", "authorization:Bearer " + token));
    }
    words.addAll(List.of("--", method, request));
    return words;
  }

  /**
   * @param enough whether this line was the last one wanted
   * @throws LauncherException with what the command said, when it failed
   */
  private void run(List<String> words, Predicate<String> enough)
      throws IOException, InterruptedException {
    try (FrameChannel node = new FrameChannel(NodeConnection.open(home))) {
      node.write(new CommandRequest(words, 0).encode());
      Lines out = new Lines(enough);
      StringBuilder err = new StringBuilder();
      Frame frame;
      while ((frame = node.read()) != null) {
        if (frame.type() == FrameType.EXIT) {
          if (frame.exitCode() != ExitCodes.DONE) {
            throw LauncherException.failed(err.toString().strip());
          }
          return;
        } else if (frame.type() == FrameType.READ) {
          node.write(Frame.of(FrameType.STDIN_END));
        } else if (frame.type() == FrameType.STDERR) {
          err.append(frame.text());
        } else if (out.take(frame.payload())) {
          return; // the node ends what nobody reads any more
        }
      }
    }
    throw LauncherException.failed("the node went away before its answer");
  }

  /** Cuts bytes into lines. */
  private static final class Lines {
    private final Predicate<String> enough;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Lines(Predicate<String> enough) {
      this.enough = enough;
    }

    /** Whether that was enough. */
    boolean take(byte[] bytes) {
      for (byte each : bytes) {
        if (each != '\n') {
          line.write(each);
          continue;
        }
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (enough.test(text)) {
          return true;
        }
      }
      return false;
    }
  }
}
