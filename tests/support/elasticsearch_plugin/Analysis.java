// What the server zip on Maven Central lacks: the language analyzers of indexer/languages.py, the parts of the one for
// CJK text, and what the security index needs. A full server has them all under the same names: never install this there.
package recollect.analysis;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.cjk.CJKWidthFilter;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.el.GreekAnalyzer;
import org.apache.lucene.analysis.email.UAX29URLEmailTokenizer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.hu.HungarianAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.miscellaneous.RemoveDuplicatesTokenFilter;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pattern.PatternCaptureGroupTokenFilter;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ro.RomanianAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;
import org.elasticsearch.plugin.Inject;
import org.elasticsearch.plugin.NamedComponent;
import org.elasticsearch.plugin.analysis.AnalyzerFactory;
import org.elasticsearch.plugin.analysis.TokenFilterFactory;
import org.elasticsearch.plugin.analysis.TokenizerFactory;
import org.elasticsearch.plugin.settings.AnalysisSettings;
import org.elasticsearch.plugin.settings.BooleanSetting;
import org.elasticsearch.plugin.settings.ListSetting;

public final class Analysis {
    private Analysis() {}

    @AnalysisSettings
    public interface StopwordSettings {
        @ListSetting(path = "stopwords")
        List<String> stopwords();
    }

    // A language's analyzer with its usual stop words, or with none for the setting "_none_".
    public abstract static class Language implements AnalyzerFactory {
        private final Analyzer analyzer;

        Language(StopwordSettings settings, Supplier<Analyzer> usual, Function<CharArraySet, Analyzer> with) {
            boolean none = settings.stopwords().contains("_none_");
            this.analyzer = none ? with.apply(CharArraySet.EMPTY_SET) : usual.get();
        }

        @Override
        public Analyzer create() {
            return analyzer;
        }
    }

    @NamedComponent("arabic")
    public static class Arabic extends Language {
        @Inject
        public Arabic(StopwordSettings settings) {
            super(settings, ArabicAnalyzer::new, ArabicAnalyzer::new);
        }
    }

    @NamedComponent("danish")
    public static class Danish extends Language {
        @Inject
        public Danish(StopwordSettings settings) {
            super(settings, DanishAnalyzer::new, DanishAnalyzer::new);
        }
    }

    @NamedComponent("dutch")
    public static class Dutch extends Language {
        @Inject
        public Dutch(StopwordSettings settings) {
            super(settings, DutchAnalyzer::new, DutchAnalyzer::new);
        }
    }

    @NamedComponent("english")
    public static class English extends Language {
        @Inject
        public English(StopwordSettings settings) {
            super(settings, EnglishAnalyzer::new, EnglishAnalyzer::new);
        }
    }

    @NamedComponent("finnish")
    public static class Finnish extends Language {
        @Inject
        public Finnish(StopwordSettings settings) {
            super(settings, FinnishAnalyzer::new, FinnishAnalyzer::new);
        }
    }

    @NamedComponent("french")
    public static class French extends Language {
        @Inject
        public French(StopwordSettings settings) {
            super(settings, FrenchAnalyzer::new, FrenchAnalyzer::new);
        }
    }

    @NamedComponent("german")
    public static class German extends Language {
        @Inject
        public German(StopwordSettings settings) {
            super(settings, GermanAnalyzer::new, GermanAnalyzer::new);
        }
    }

    @NamedComponent("greek")
    public static class Greek extends Language {
        @Inject
        public Greek(StopwordSettings settings) {
            super(settings, GreekAnalyzer::new, GreekAnalyzer::new);
        }
    }

    @NamedComponent("hungarian")
    public static class Hungarian extends Language {
        @Inject
        public Hungarian(StopwordSettings settings) {
            super(settings, HungarianAnalyzer::new, HungarianAnalyzer::new);
        }
    }

    @NamedComponent("italian")
    public static class Italian extends Language {
        @Inject
        public Italian(StopwordSettings settings) {
            super(settings, ItalianAnalyzer::new, ItalianAnalyzer::new);
        }
    }

    @NamedComponent("norwegian")
    public static class Norwegian extends Language {
        @Inject
        public Norwegian(StopwordSettings settings) {
            super(settings, NorwegianAnalyzer::new, NorwegianAnalyzer::new);
        }
    }

    @NamedComponent("portuguese")
    public static class Portuguese extends Language {
        @Inject
        public Portuguese(StopwordSettings settings) {
            super(settings, PortugueseAnalyzer::new, PortugueseAnalyzer::new);
        }
    }

    @NamedComponent("romanian")
    public static class Romanian extends Language {
        @Inject
        public Romanian(StopwordSettings settings) {
            super(settings, RomanianAnalyzer::new, RomanianAnalyzer::new);
        }
    }

    @NamedComponent("russian")
    public static class Russian extends Language {
        @Inject
        public Russian(StopwordSettings settings) {
            super(settings, RussianAnalyzer::new, RussianAnalyzer::new);
        }
    }

    @NamedComponent("spanish")
    public static class Spanish extends Language {
        @Inject
        public Spanish(StopwordSettings settings) {
            super(settings, SpanishAnalyzer::new, SpanishAnalyzer::new);
        }
    }

    @NamedComponent("swedish")
    public static class Swedish extends Language {
        @Inject
        public Swedish(StopwordSettings settings) {
            super(settings, SwedishAnalyzer::new, SwedishAnalyzer::new);
        }
    }

    @NamedComponent("turkish")
    public static class Turkish extends Language {
        @Inject
        public Turkish(StopwordSettings settings) {
            super(settings, TurkishAnalyzer::new, TurkishAnalyzer::new);
        }
    }

    @NamedComponent("cjk")
    public static class Cjk extends Language {
        @Inject
        public Cjk(StopwordSettings settings) {
            super(settings, CJKAnalyzer::new, CJKAnalyzer::new);
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
