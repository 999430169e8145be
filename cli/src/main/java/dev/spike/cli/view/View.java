package dev.spike.cli.view;

import dev.spike.core.apply.RunListener;
import dev.spike.core.provider.Finding;
import dev.spike.core.warm.CheckResult;

/** One way of showing a command. Calls may come from several threads. */
public interface View extends RunListener {

  /** How many steps there are at most, before the first. */
  void expect(int stepsMax);

  /** A check has its answer. */
  void check(CheckResult result);

  /** One of the things that a report's lines list. */
  void finding(Finding finding);

  /** The last call. */
  void result(Report report);
}
