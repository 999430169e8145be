package dev.spike.cli;

import dev.spike.core.apply.Stop;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;

/**
 * Turns SIGINT and SIGTERM into a request to stop. A run that has not ended by itself after {@link
 * #PATIENCE_MILLIS} is abandoned, which frees its lease too.
 */
final class Signals {
  static final long PATIENCE_MILLIS = 9_500;

  private Signals() {}

  static void install(Stop stop, IntConsumer abandon) {
    for (String name : new String[] {"INT", "TERM"}) {
      handle(name, number -> onSignal(stop, abandon, number));
    }
  }

  private static void onSignal(Stop stop, IntConsumer abandon, int number) {
    Thread.ofPlatform()
        .daemon()
        .name("patience")
        .start(
            () -> {
              try {
                Thread.sleep(PATIENCE_MILLIS);
              } catch (InterruptedException early) {
                Thread.currentThread().interrupt();
              }
              abandon.accept(128 + number);
            });
    stop.request(number);
  }

  /** By reflection, because the compiler warns of sun.misc.Signal and every warning is an error. */
  private static void handle(String name, IntConsumer action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.accept((int) signal.getMethod("getNumber").invoke(arguments[0]));
                }
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException missing) {
      throw new IllegalStateException("this Java has no module jdk.unsupported", missing);
    }
  }
}
