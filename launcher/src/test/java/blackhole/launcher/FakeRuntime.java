package blackhole.launcher;

import java.util.List;

/** Runs {@link FakeOrchestrator} for both kinds of process. */
public final class FakeRuntime implements NodeRuntime {
  @Override
  public ProcessBuilder orchestrator(RunOptions options) {
    return fake(options);
  }

  @Override
  public ProcessBuilder service(String name, RunOptions options) {
    if (!name.equals("identity")) {
      throw new LauncherException(ExitCodes.USAGE, "unknown service '" + name + "'", "");
    }
    return fake(options);
  }

  private static ProcessBuilder fake(RunOptions options) {
    return new ProcessBuilder(
        List.of(
            Path.JAVA,
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            FakeOrchestrator.class.getName(),
            options.home().toString(),
            String.join(",", options.only())));
  }

  /** The JVM that runs this test. */
  static final class Path {
    static final String JAVA = ProcessHandle.current().info().command().orElse("java");

    private Path() {}
  }
}
