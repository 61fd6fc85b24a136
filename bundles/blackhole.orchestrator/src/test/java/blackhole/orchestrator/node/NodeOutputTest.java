package blackhole.orchestrator.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeOutputTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "/home/node-1.a, /home/node-1.a",
        "/home/my node, '/home/my node'",
        "/home/schön, '/home/schön'",
        "/home/it's, '/home/it'\\''s'"
      })
  void aPathThatIsPrintedCanBePasted(String path, String quoted) {
    assertThat(NodeOutput.quoted(path)).isEqualTo(quoted);
  }
}
