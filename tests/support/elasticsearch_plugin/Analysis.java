// What the server zip on Maven Central lacks: the parts of indexer/elasticsearch_analysis.py, and what the security index
// needs. A full server has them all under the same names: never install this there.
package recollect.analysis;

import java.util.List;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.cjk.CJKWidthFilter;
import org.apache.lucene.analysis.el.GreekAnalyzer;
import org.apache.lucene.analysis.email.UAX29URLEmailTokenizer;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.RemoveDuplicatesTokenFilter;
import org.apache.lucene.analysis.miscellaneous.WordDelimiterGraphFilter;
import org.apache.lucene.analysis.pattern.PatternCaptureGroupTokenFilter;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.elasticsearch.plugin.Inject;
import org.elasticsearch.plugin.NamedComponent;
import org.elasticsearch.plugin.analysis.AnalyzerFactory;
import org.elasticsearch.plugin.analysis.TokenFilterFactory;
import org.elasticsearch.plugin.analysis.TokenizerFactory;
import org.elasticsearch.plugin.settings.AnalysisSettings;
import org.elasticsearch.plugin.settings.BooleanSetting;
import org.elasticsearch.plugin.settings.ListSetting;
import org.elasticsearch.plugin.settings.StringSetting;

public final class Analysis {
    private Analysis() {}

    @AnalysisSettings
    public interface StopwordSettings {
        @ListSetting(path = "stopwords")
        List<String> stopwords();
    }

    // With its usual stop words, or with none for the setting "_none_".
    @NamedComponent("greek")
    public static class Greek implements AnalyzerFactory {
        private final Analyzer analyzer;

        @Inject
        public Greek(StopwordSettings settings) {
            boolean none = settings.stopwords().contains("_none_");
            this.analyzer = none ? new GreekAnalyzer(CharArraySet.EMPTY_SET) : new GreekAnalyzer();
        }

        @Override
        public Analyzer create() {
            return analyzer;
        }
    }

    @AnalysisSettings
    public interface SnowballSettings {
        @StringSetting(path = "language", defaultValue = "English")
        String language();
    }

    @NamedComponent("snowball")
    public static class Snowball implements TokenFilterFactory {
        private final SnowballSettings settings;

        @Inject
        public Snowball(SnowballSettings settings) {
            this.settings = settings;
        }

        @Override
        public TokenStream create(TokenStream input) {
            return new SnowballFilter(input, settings.language());
        }
    }

    @AnalysisSettings
    public interface SplitSettings {
        @BooleanSetting(path = "split_on_case_change", defaultValue = true)
        boolean splitOnCaseChange();

        @BooleanSetting(path = "split_on_numerics", defaultValue = true)
        boolean splitOnNumerics();

        @BooleanSetting(path = "stem_english_possessive", defaultValue = true)
        boolean stemEnglishPossessive();
    }

    @NamedComponent("word_delimiter_graph")
    public static class WordDelimiter implements TokenFilterFactory {
        private final int flags;

        @Inject
        public WordDelimiter(SplitSettings settings) {
            this.flags = WordDelimiterGraphFilter.GENERATE_WORD_PARTS
                | WordDelimiterGraphFilter.GENERATE_NUMBER_PARTS
                | (settings.splitOnCaseChange() ? WordDelimiterGraphFilter.SPLIT_ON_CASE_CHANGE : 0)
                | (settings.splitOnNumerics() ? WordDelimiterGraphFilter.SPLIT_ON_NUMERICS : 0)
                | (settings.stemEnglishPossessive() ? WordDelimiterGraphFilter.STEM_ENGLISH_POSSESSIVE : 0);
        }

        @Override
        public TokenStream create(TokenStream input) {
            return new WordDelimiterGraphFilter(input, flags, null);
        }
    }

    @NamedComponent("asciifolding")
    public static class AsciiFolding implements TokenFilterFactory {
        @Override
        public TokenStream create(TokenStream input) {
            return new ASCIIFoldingFilter(input);
        }
    }

    @NamedComponent("cjk_width")
    public static class CjkWidth implements TokenFilterFactory {
        @Override
        public TokenStream create(TokenStream input) {
            return new CJKWidthFilter(input);
        }
    }

    @AnalysisSettings
    public interface BigramSettings {
        @BooleanSetting(path = "output_unigrams", defaultValue = false)
        boolean outputUnigrams();
    }

    @NamedComponent("cjk_bigram")
    public static class CjkBigram implements TokenFilterFactory {
        private static final int ALL_SCRIPTS =
            CJKBigramFilter.HAN | CJKBigramFilter.HIRAGANA | CJKBigramFilter.KATAKANA | CJKBigramFilter.HANGUL;
        private final BigramSettings settings;

        @Inject
        public CjkBigram(BigramSettings settings) {
            this.settings = settings;
        }

        @Override
        public TokenStream create(TokenStream input) {
            return new CJKBigramFilter(input, ALL_SCRIPTS, settings.outputUnigrams());
        }
    }

    @NamedComponent("uax_url_email")
    public static class UrlEmail implements TokenizerFactory {
        @Override
        public Tokenizer create() {
            return new UAX29URLEmailTokenizer();
        }
    }

    @NamedComponent("unique")
    public static class Unique implements TokenFilterFactory {
        @Override
        public TokenStream create(TokenStream input) {
            return new RemoveDuplicatesTokenFilter(input);
        }
    }

    @AnalysisSettings
    public interface PatternSettings {
        @ListSetting(path = "patterns")
        List<String> patterns();

        @BooleanSetting(path = "preserve_original", defaultValue = true)
        boolean preserveOriginal();
    }

    @NamedComponent("pattern_capture")
    public static class PatternCapture implements TokenFilterFactory {
        private final PatternSettings settings;

        @Inject
        public PatternCapture(PatternSettings settings) {
            this.settings = settings;
        }

        @Override
        public TokenStream create(TokenStream input) {
            Pattern[] patterns = settings.patterns().stream().map(Pattern::compile).toArray(Pattern[]::new);
            return new PatternCaptureGroupTokenFilter(input, settings.preserveOriginal(), patterns);
        }
    }
}
