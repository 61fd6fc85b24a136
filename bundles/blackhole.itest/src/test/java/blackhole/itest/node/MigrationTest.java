package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.service.HostInfo;
import blackhole.itest.prices.Checkout;
import blackhole.itest.prices.PriceBook;
import blackhole.itest.prices.Prices;
import blackhole.itest.prices.Prices.UnknownArticleException;
import blackhole.itest.prices.RemotePrices;
import blackhole.testkit.TestNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A module leaves its monolith, with its data, and the rest of it does not notice. */
class MigrationTest {
  @TempDir Path monolith;
  @TempDir Path bundles;

  /** What the module promises, wherever it is. */
  private static void assertKeepsItsPromises(Prices prices) {
    Checkout checkout = new Checkout(prices);
    prices.set("tea", 250);
    prices.set("cake", 300);
    assertThat(checkout.total(List.of("tea", "tea", "cake"))).isEqualTo(800);
    assertThatThrownBy(() -> checkout.total(List.of("tea", "air")))
        .isInstanceOf(UnknownArticleException.class)
        .hasMessage("no price for air");
  }

  @Test
  void aModuleBecomesAServiceProcess() throws Exception {
    Prices module = new PriceBook(monolith);
    assertKeepsItsPromises(module);
    module.set("bread", 420);

    Path bundle =
        TestBundles.build(
            bundles,
            "blackhole.itest.prices",
            List.of(HostInfo.class),
            Map.of(
                "Private-Package",
                "blackhole.itest.prices, blackhole.itest.prices.v1",
                "Blackhole-Data",
                "single"));
    TestNode node =
        TestNode.builder().yaml("services: { prices: { bundle: " + bundle + " } }\n").create();
    try (node) {
      Path data = Files.createDirectories(node.home().resolve("data/prices"));
      Files.copy(monolith.resolve("prices"), data.resolve("prices"));
      node.run();
      node.awaitReady();
      Prices service = new RemotePrices(node.channel("prices"), TestNode.PATIENCE);
      assertThat(service.of("bread")).isEqualTo(420);
      assertKeepsItsPromises(service);

      long old = node.kill("prices");
      node.awaitReplaced("prices", old, TestNode.PATIENCE);
      assertThat(new Checkout(service).total(List.of("bread", "tea"))).isEqualTo(670);
    }
  }
}
