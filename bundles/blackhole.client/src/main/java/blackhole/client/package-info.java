@NullMarked
package blackhole.client;

import org.jspecify.annotations.NullMarked;
