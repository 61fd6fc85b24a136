package blackhole.itest.prices;

import java.util.List;

/** The rest of the monolith. It does not change. */
public final class Checkout {
  private final Prices prices;

  public Checkout(Prices prices) {
    this.prices = prices;
  }

  /** In cents. */
  public long total(List<String> articles) {
    return articles.stream().mapToLong(prices::of).sum();
  }
}
