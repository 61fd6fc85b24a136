package blackhole.launcher;

import blackhole.api.supervision.NodeConfiguration;
import blackhole.api.supervision.Supervisor;
import blackhole.shell.gogo.Shell;
import blackhole.shell.server.ShellServer;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** The real shell server over a node that runs nothing. */
final class FakeNode {
  private FakeNode() {}

  static ShellServer serve(Path home) throws IOException {
    return new ShellServer(
        answering(Supervisor.class, List.of()),
        new Configuration(home),
        new Shell(answering(BundleContext.class, null)));
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
