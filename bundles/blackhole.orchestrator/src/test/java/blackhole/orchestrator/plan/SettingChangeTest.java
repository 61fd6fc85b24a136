package blackhole.orchestrator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.orchestrator.config.parser.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingChangeTest {
  private static List<Setting> settings(String origin, String... keysAndValues) {
    List<Setting> settings = new ArrayList<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      settings.add(new Setting(keysAndValues[i], keysAndValues[i + 1], origin));
    }
    return settings;
  }

  @Test
  void whatIsTheSameIsNoChange() {
    assertThat(
            SettingChange.between(
                settings("f:1", "services.a.port", "1"), settings("f:2", "services.a.port", "1")))
        .isEmpty();
  }

  @Test
  void valuesComeGoAndChange() {
    assertThat(
            SettingChange.between(
                settings(
                    "f:1",
                    "services.a.port",
                    "1",
                    "services.a.resource_limits.max_cpu",
                    "null",
                    "services.a.resource_limits.max_threads",
                    "7"),
                settings(
                    "f:1",
                    "services.a.port",
                    "2",
                    "services.a.resource_limits.max_cpu",
                    "0.5",
                    "services.a.resource_limits.max_threads",
                    "null")))
        .containsExactly(
            new SettingChange("services.a.port", Optional.of("1"), Optional.of("2")),
            new SettingChange(
                "services.a.resource_limits.max_cpu", Optional.empty(), Optional.of("0.5")),
            new SettingChange(
                "services.a.resource_limits.max_threads", Optional.of("7"), Optional.empty()));
  }

  @Test
  void aServiceThatComesOrGoesIsOneChange() {
    assertThat(
            SettingChange.between(
                settings("f:1", "services.a.port", "1", "services.a.resource_limits.max_cpu", "1"),
                settings("f:1", "services.b.port", "1", "services.b.bundle", "b")))
        .containsExactly(
            new SettingChange("services.b", Optional.empty(), Optional.of("configured")),
            new SettingChange("services.a", Optional.of("configured"), Optional.empty()));
  }
}
