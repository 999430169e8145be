package dev.spike.cli.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MarkupTest {
  @Test
  void nothingFromAPlanBecomesMarkup() {
    String written =
        new Markup()
            .element("p", "<script>alert('x')</script> & \"more\"", "title", "\"><img src=x>")
            .written();
    assertThat(written)
        .isEqualTo(
            "<p title=\"&quot;&gt;&lt;img src=x&gt;\">&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"
                + " &amp; &quot;more&quot;</p>");
  }

  @Test
  void controlCharactersAreShownAsUnreadable() {
    assertThat(new Markup().text("a\u0000b\u001bc\td\n").written())
        .isEqualTo("a\ufffdb\ufffdc\td\n");
  }

  @Test
  void elementsThatAreLeftOpenAreABug() {
    assertThatThrownBy(() -> new Markup().open("p").written())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aStyleSheetCannotEndItsElement() {
    assertThatThrownBy(() -> new Markup().style("a{}</style><script>"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
