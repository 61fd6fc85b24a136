package blackhole.shell.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenderTest {
  @Test
  void columnsAreAlignedAndNumbersStandToTheRight() {
    String text =
        Table.of("NAME", "PID#", "MESSAGE")
            .row("identity-1", 7, null)
            .row("a", 12345, "all is well")
            .render(0);

    assertThat(text)
        .isEqualTo(
            """
            NAME          PID  MESSAGE
            identity-1      7  -
            a           12345  all is well
            """);
  }

  @Test
  void aNarrowTerminalCutsTextFirstAndThenLeavesColumnsOut() {
    Table table =
        Table.of("NAME", "PID#", "MESSAGE", "SOCKET")
            .row("identity-1", 12345, "a message of some length", "/a/socket/somewhere");

    assertThat(table.render(48).lines()).allMatch(line -> line.length() <= 48);
    assertThat(table.render(48)).contains("12345").contains("…");
    assertThat(table.render(20)).contains("12345").doesNotContain("SOCKET");
    assertThat(table.render(0)).contains("/a/socket/somewhere");
  }

  @Test
  void theRoomOfAColumnThatIsLeftOutGoesToTheOthers() {
    assertThat(
            Table.of("INSTANCE", "PID#", "SOCKET")
                .row("identity-1", 12345, "/a/socket/somewhere")
                .render(20))
        .contains("identity-1  12345");
  }

  @Test
  void aCellCannotBreakTheTable() {
    assertThat(Table.of("A").row("x\n\u001b[2Jy\t\uD83D\uDE00").render(0))
        .isEqualTo("A\nx  [2Jy \uD83D\uDE00\n");
    assertThat(Table.of("A").row("\uD83D\uDE00".repeat(20)).row("").render(10))
        .contains("\uD83D\uDE00…".substring(0, 2));
  }

  @Test
  void jsonHasEveryKeyAndIsReadBack() {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", "a \"b\" <c> \n ü");
    row.put("pid", 12345678901L);
    row.put("cores", 0.25);
    row.put("none", null);
    row.put("list", List.of("x", "y"));
    row.put("map", Map.of("k", "v"));

    String json = Json.of(List.of(row));

    assertThat(json)
        .isEqualTo(
            "[{\"name\":\"a \\\"b\\\" <c> \\n ü\",\"pid\":12345678901,\"cores\":0.25,"
                + "\"none\":null,\"list\":[\"x\",\"y\"],\"map\":{\"k\":\"v\"}}]");
    JsonObject back = Json.objects(json).get(0);
    assertThat(back.get("name").getAsString()).isEqualTo(row.get("name"));
    assertThat(Json.of(List.of())).isEqualTo("[]");
  }

  @ParameterizedTest
  @CsvSource({"not json", "{}", "[1]", "[{]"})
  void whatIsNoArrayOfObjectsIsRefused(String text) {
    assertThatThrownBy(() -> Json.objects(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"0,0s", "59,59s", "192,3m 12s", "18180,5h 3m", "1051200,12d 4h", "-5,0s"})
  void durationsShowTwoUnits(long seconds, String shown) {
    assertThat(Units.duration(Duration.ofSeconds(seconds))).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0 B",
    "999,999 B",
    "1023,1.0 KB",
    "85983232,82 MB",
    "1503238553,1.4 GB",
    "10737418240,10 GB"
  })
  void bytesShowThreeDigits(long bytes, String shown) {
    assertThat(Units.bytes(bytes)).isEqualTo(shown);
  }

  @Test
  void timesAreIsoInUtc() {
    assertThat(Units.time(Instant.parse("2026-03-04T05:06:07.123456Z")))
        .isEqualTo("2026-03-04T05:06:07.123Z");
  }
}
