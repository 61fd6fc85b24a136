/**
 * Events that are published if and only if what they tell has been committed: they are written in
 * the transaction that makes it a fact, and published from there. Carried by service bundles, as
 * {@code blackhole.sqlite} is.
 */
@NullMarked
package blackhole.sqlite.outbox;

import org.jspecify.annotations.NullMarked;
