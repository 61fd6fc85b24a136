package blackhole.launcher;

import blackhole.api.supervision.NodeConfiguration;
import blackhole.api.supervision.Supervisor;
import blackhole.shell.command.Arguments;
import blackhole.shell.command.Command;
import blackhole.shell.command.Invocation;
import blackhole.shell.command.Usage;
import blackhole.shell.gogo.Shell;
import blackhole.shell.server.ShellServer;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** The real shell server over a node that runs nothing. */
final class FakeNode {
  private static final Usage.Option HEADER = new Usage.Option("--header", "H", "");
  private static final Usage.Option TIMEOUT = new Usage.Option("--timeout", "T", "");
  private static final Usage CALL =
      new Usage(
          "call",
          List.of("TARGET", "[JSON]"),
          "as the real one takes them",
          List.of(HEADER, TIMEOUT, Usage.JSON),
          "call x");

  private FakeNode() {}

  static ShellServer serve(Path home) throws IOException {
    Shell shell = new Shell(answering(BundleContext.class, null));
    shell.runtime().add(() -> List.of(new Command(CALL, FakeNode::call)));
    return new ShellServer(answering(Supervisor.class, List.of()), new Configuration(home), shell);
  }

  /** Says what it was called with; with "-" it copies its input, and without JSON it hangs. */
  private static void call(Invocation invocation) throws Exception {
    Arguments arguments = invocation.arguments();
    String json = arguments.at(1).orElse("");
    invocation
        .out()
        .println(
            arguments.required(0)
                + " "
                + arguments.values(HEADER)
                + " "
                + arguments.value(TIMEOUT)
                + " "
                + arguments.json()
                + " "
                + json);
    if (json.equals("-")) {
      invocation.in().transferTo(invocation.out());
    } else if (json.isEmpty()) {
      try {
        new CountDownLatch(1).await();
      } finally {
        Files.writeString(Path.of(arguments.required(0)), "ended");
      }
    }
  }

  /** An object that gives one answer to everything, but makes filters. */
  private static <T> T answering(Class<T> type, Object answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "createFilter" -> FrameworkUtil.createFilter((String) arguments[0]);
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" -> proxy == arguments[0];
                  default -> method.getReturnType() == void.class ? null : answer;
                }));
  }

  private record Configuration(Path home) implements NodeConfiguration {
    @Override
    public String nodeId() {
      return "node-a";
    }

    @Override
    public Optional<Path> file() {
      return Optional.empty();
    }

    @Override
    public List<Setting> settings(Optional<String> service) {
      return List.of();
    }
  }
}
