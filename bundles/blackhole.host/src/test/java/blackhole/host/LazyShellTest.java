package blackhole.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import blackhole.api.shell.LineExecutor;
import blackhole.host.sample.BrokenActivator;
import blackhole.host.sample.SampleShell;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

class LazyShellTest {
  @TempDir Path directory;
  private TestFramework framework;

  @BeforeEach
  void startFramework() throws Exception {
    framework = new TestFramework(directory.resolve("framework"));
  }

  @AfterEach
  void stopFramework() throws Exception {
    framework.close();
  }

  @Test
  void sleepsUntilItsFirstLine() throws Exception {
    Bundle runtime = install(new BundleBuilder("org.apache.felix.gogo.runtime"));
    Bundle terminal = install(new BundleBuilder("org.apache.felix.gogo.jline"));
    Bundle shell = install(shell());
    try (LazyShell lazy = new LazyShell(framework.context(), Duration.ofSeconds(20))) {
      assertThat(shell.getState()).isEqualTo(Bundle.INSTALLED);

      LineExecutor executor = lazy.get();

      assertThat(executor.execute("lb", directory).stdout()).isEqualTo("lb");
      assertThat(shell.getState()).isEqualTo(Bundle.ACTIVE);
      assertThat(runtime.getState()).isEqualTo(Bundle.ACTIVE);
      assertThat(terminal.getState()).as("would take the terminal").isNotEqualTo(Bundle.ACTIVE);
      assertThat(lazy.get()).isSameAs(executor);
    }
  }

  @Test
  void aPartThatFailsDoesNotKeepTheShellAsleep() throws Exception {
    install(
        new BundleBuilder("org.apache.felix.gogo.command")
            .header("Bundle-Activator", BrokenActivator.class.getName())
            .classes(BrokenActivator.class));
    install(shell());
    try (LazyShell lazy = new LazyShell(framework.context(), Duration.ofSeconds(20))) {
      assertThat(lazy.get()).isNotNull();
    }
  }

  @Test
  void aHostWithoutOneSaysSo() {
    try (LazyShell lazy = new LazyShell(framework.context(), Duration.ofMillis(10))) {
      assertThatIllegalStateException()
          .isThrownBy(lazy::get)
          .withMessageContaining("the shell of this host did not appear");
    }
  }

  private static BundleBuilder shell() throws Exception {
    return new BundleBuilder("blackhole.shell")
        .header("Bundle-Activator", SampleShell.class.getName())
        .classes(SampleShell.class);
  }

  private Bundle install(BundleBuilder bundle) throws Exception {
    return framework.context().installBundle(bundle.build(directory).toUri().toString());
  }
}
