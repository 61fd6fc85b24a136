package blackhole.itest.prices;

/** The module, as the rest of the monolith knows it: before and after. */
public interface Prices {
  /**
   * In cents.
   *
   * @throws UnknownArticleException if it has no price
   */
  long of(String article);

  void set(String article, long cents);

  /** An article without a price. */
  final class UnknownArticleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnknownArticleException(String article) {
      super("no price for " + article);
    }
  }
}
