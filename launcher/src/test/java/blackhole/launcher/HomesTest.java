package blackhole.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HomesTest {
  @Test
  void theOptionWinsThenTheVariableThenTheUsersHome() {
    Map<String, String> both = Map.of("BLACKHOLE_HOME", "/variable", "HOME", "/home/me");

    assertThat(Homes.find("/option", both, "/jvm").root()).isEqualTo(Path.of("/option"));
    assertThat(Homes.find(null, both, "/jvm").root()).isEqualTo(Path.of("/variable"));
    assertThat(Homes.find(null, Map.of("HOME", "/home/me"), "/jvm").root())
        .isEqualTo(Path.of("/home/me/.blackhole"));
    assertThat(Homes.find(null, Map.of("BLACKHOLE_HOME", ""), "/jvm").root())
        .isEqualTo(Path.of("/jvm/.blackhole"));
  }

  @Test
  void aRelativeHomeIsMadeAbsolute() {
    assertThat(Homes.find("node/../a", Map.of(), "/jvm").root())
        .isEqualTo(Path.of("a").toAbsolutePath());
  }

  @ParameterizedTest
  @ValueSource(strings = {"?", "", "relative"})
  void aUserWithoutAHomeIsToldWhatToDo(String userHome) {
    assertThatThrownBy(() -> Homes.find(null, Map.of(), userHome))
        .isInstanceOfSatisfying(
            LauncherException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(2);
              assertThat(e.hint()).contains("--home").contains("BLACKHOLE_HOME");
            });
  }
}
