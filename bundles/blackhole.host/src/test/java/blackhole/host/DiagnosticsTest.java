package blackhole.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiagnosticsTest {
  private static final String LOGGER = "blackhole.host.DiagnosticsTest.some";

  @TempDir Path logs;

  @Test
  void threadsAreShownWithTheirStacks() throws Exception {
    assertThat(new Diagnostics(logs).threads())
        .contains("\"" + Thread.currentThread().getName() + "\"")
        .contains("DiagnosticsTest.threadsAreShownWithTheirStacks");
  }

  @Test
  void theHeapGoesIntoANewFileOfTheLogs() throws Exception {
    Diagnostics diagnostics = new Diagnostics(logs);
    diagnostics.heap("some.hprof");
    assertThat(logs.resolve("some.hprof")).isNotEmptyFile();
    assertThatThrownBy(() -> diagnostics.heap("some.hprof"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("exists");
    assertThatThrownBy(() -> diagnostics.heap("../some.hprof"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aLevelHoldsForLoggersBelowAndCanBeTakenBack() {
    Diagnostics diagnostics = new Diagnostics(logs);
    Logger below = Logger.getLogger(LOGGER + ".below");
    diagnostics.level(LOGGER, "debug");
    assertThat(below.isLoggable(Level.FINE)).isTrue();
    assertThat(below.isLoggable(Level.FINER)).isFalse();
    diagnostics.level(LOGGER, "default");
    assertThat(below.isLoggable(Level.FINE)).isFalse();
    assertThatThrownBy(() -> diagnostics.level(LOGGER, "loud")).hasMessage("no such level: loud");
  }
}
