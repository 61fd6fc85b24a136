@NullMarked
package blackhole.shell;

import org.jspecify.annotations.NullMarked;
