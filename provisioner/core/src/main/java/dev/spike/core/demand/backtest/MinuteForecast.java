package dev.spike.core.demand.backtest;

import java.util.Optional;

/** A forecast of each minute's count. */
public interface MinuteForecast {
  /** The minute so many after the kick-off; empty where nothing is forecast. */
  Optional<MinuteQuantiles> at(int minute);
}
