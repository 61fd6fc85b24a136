package blackhole.ledger.store;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.ledger.merkle.Frontier;
import blackhole.ledger.merkle.Hash;
import org.junit.jupiter.api.Test;

class EntryIndexTest {
  /** In the order in which they become complete, without a gap. */
  @Test
  void numbersTheNodesOfTheTree() {
    Frontier frontier = Frontier.of((level, index) -> Hash.ZERO, 0);
    long next = 0;
    for (int leaf = 0; leaf < 300; leaf++) {
      for (Frontier.Completed completed : frontier.add(Hash.ZERO)) {
        assertThat(EntryIndex.node(completed.level(), completed.index())).isEqualTo(next++);
      }
    }
  }
}
