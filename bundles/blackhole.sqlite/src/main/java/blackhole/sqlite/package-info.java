/**
 * A SQLite database as a service's store: a pool of connections, changes that are synced when they
 * are acknowledged, and a schema that is brought up to date. Service bundles carry a copy of this
 * package, so an update of one takes its own along.
 */
@NullMarked
package blackhole.sqlite;

import org.jspecify.annotations.NullMarked;
