package blackhole.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  @TempDir Path directory;
  private Path file = Path.of("");

  @BeforeEach
  void chooseFile() {
    file = directory.resolve("results.json");
  }

  private static Figure figure(String name, double value) {
    return Figure.of(name, value, "ms", 10, "<= 1.5", "because");
  }

  private JsonArray read() throws IOException {
    return JsonParser.parseString(Files.readString(file)).getAsJsonArray();
  }

  @Test
  void haveEachFigureWithAllThatItIsJudgedBy() throws IOException {
    new Results(file).write(List.of(figure("a", 20)));
    assertThat(read().get(0).getAsJsonObject().keySet())
        .containsExactly("figure", "value", "unit", "baseline", "ratio", "target", "met", "why");
  }

  @Test
  void ofAPartTakeThePlaceOfTheirNamesakes() throws IOException {
    Results results = new Results(file);
    results.merge(List.of(figure("a", 20), figure("b", 10)));
    results.merge(List.of(figure("c", 10), figure("a", 10)));
    JsonArray all = read();
    assertThat(all).hasSize(3);
    assertThat(all.get(0).getAsJsonObject().get("met").getAsBoolean()).isTrue();
    assertThat(all.get(2).getAsJsonObject().get("figure").getAsString()).isEqualTo("c");
  }
}
