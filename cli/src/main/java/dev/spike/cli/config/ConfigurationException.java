package dev.spike.cli.config;

/** A configuration file that is not of the stated form. */
public final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;
  private final String next;

  /**
   * @param message what, where and which value
   * @param next what to do now
   */
  public ConfigurationException(String message, String next) {
    super(message);
    this.next = next;
  }

  /** What the reader does now. */
  public String next() {
    return next;
  }
}
