package blackhole.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GarbageCollectionTest {
  @Test
  void aHeapThatIsMostlyEmptyIsCollectedAgain() {
    assertThat(GarbageCollection.isWorthGivingBack(123L << 20, 4L << 20)).isTrue();
    assertThat(GarbageCollection.isWorthGivingBack(123L << 20, 90L << 20)).isFalse();
    assertThat(GarbageCollection.isWorthGivingBack(15L << 20, 4L << 20)).as("small").isFalse();
  }
}
