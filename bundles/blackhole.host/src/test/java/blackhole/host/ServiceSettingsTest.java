package blackhole.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "cache_size, cacheSize",
    "database_pool_size, databasePoolSize",
    "plain, plain",
    "_hidden, _hidden",
    "end_, end_",
    "a_1, a1",
    "a__b, a_B",
    "initial, initial"
  })
  void camelCase(String written, String camel) {
    assertThat(ServiceSettings.camelCase(written)).isEqualTo(camel);
  }

  @Test
  void aTurkishLocaleChangesNothing() {
    Locale before = Locale.getDefault();
    Locale.setDefault(new Locale("tr", "TR"));
    try {
      assertThat(ServiceSettings.camelCase("cache_items")).isEqualTo("cacheItems");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void everyKeyStandsTwice() {
    assertThat(dictionary(Map.of("cache_size", 64L, "name", "x")))
        .isEqualTo(Map.of("cache_size", 64L, "cacheSize", 64L, "name", "x"));
  }

  @Test
  void whatIsWrittenInCamelCaseGoesBeforeWhatIsMadeSo() {
    assertThat(dictionary(Map.of("cache_size", 1L, "cacheSize", 2L)))
        .isEqualTo(Map.of("cache_size", 1L, "cacheSize", 2L));
  }

  @Test
  void keysThatDifferOnlyInCaseDoNotBreakConfigAdmin() {
    assertThat(dictionary(Map.of("cache_size", 1L, "CACHESIZE", 2L)))
        .isEqualTo(Map.of("cache_size", 1L, "CACHESIZE", 2L));
  }

  @Test
  void listsBecomeArraysOfTheirType() {
    Map<String, Object> settings =
        dictionary(
            Map.of(
                "numbers", List.of(1L, 2L),
                "mixed", List.of(1L, "a", true),
                "none", List.of()));
    assertThat(settings.get("numbers")).isEqualTo(new Long[] {1L, 2L});
    assertThat(settings.get("mixed")).isEqualTo(new String[] {"1", "a", "true"});
    assertThat(settings.get("none")).isEqualTo(new String[0]);
  }

  private static Map<String, Object> dictionary(Map<String, Object> custom) {
    var dictionary = ServiceSettings.dictionary(custom);
    Map<String, Object> map = new HashMap<>();
    Collections.list(dictionary.keys()).forEach(key -> map.put(key, dictionary.get(key)));
    return map;
  }
}
