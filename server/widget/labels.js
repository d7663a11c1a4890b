// What the search box says. A word that a language lacks is said in English.

const EN = {
  search: "Search",
  placeholder: "Search or ask a question",
  close: "Close",
 
  results: "Results",
  recent: "Recent searches",
  answer: "Answer",
  sources: "Sources",
  source: "Source {n}",
  found: "{n} results",
  foundOne: "1 result",
  nothing: "Nothing found for “{q}”",
  noAnswer: "The pages do not answer this",
  failed: "The search does not answer now",
  searching: "Searching…",
  ask: "Press Enter to ask",
  copy: "Copy",
  copied: "Copied",
  all: "All results",
 
  filters: "Filters",
};

const WORDS = {
  en: EN,
  de: { search: "Suchen", placeholder: "Suchen oder eine Frage stellen", close: "Schließen", results: "Ergebnisse", recent: "Letzte Suchen", answer: "Antwort", sources: "Quellen", source: "Quelle {n}", found: "{n} Ergebnisse", foundOne: "1 Ergebnis", nothing: "Nichts gefunden für „{q}“", noAnswer: "Die Seiten beantworten das nicht", failed: "Die Suche antwortet gerade nicht", searching: "Suche läuft…", ask: "Mit Enter fragen", copy: "Kopieren", copied: "Kopiert", all: "Alle Ergebnisse", filters: "Filter" },
  fr: { search: "Rechercher", placeholder: "Rechercher ou poser une question", close: "Fermer", results: "Résultats", recent: "Recherches récentes", answer: "Réponse", sources: "Sources", source: "Source {n}", found: "{n} résultats", foundOne: "1 résultat", nothing: "Aucun résultat pour « {q} »", noAnswer: "Les pages n’y répondent pas", failed: "La recherche ne répond pas", searching: "Recherche…", ask: "Entrée pour demander", copy: "Copier", copied: "Copié", all: "Tous les résultats", filters: "Filtres" },
  es: { search: "Buscar", placeholder: "Buscar o hacer una pregunta", close: "Cerrar", results: "Resultados", recent: "Búsquedas recientes", answer: "Respuesta", sources: "Fuentes", source: "Fuente {n}", found: "{n} resultados", foundOne: "1 resultado", nothing: "Nada encontrado para «{q}»", noAnswer: "Las páginas no lo responden", failed: "La búsqueda no responde", searching: "Buscando…", ask: "Intro para preguntar", copy: "Copiar", copied: "Copiado", all: "Todos los resultados", filters: "Filtros" },
  pt: { search: "Pesquisar", placeholder: "Pesquisar ou fazer uma pergunta", close: "Fechar", results: "Resultados", recent: "Pesquisas recentes", answer: "Resposta", sources: "Fontes", source: "Fonte {n}", found: "{n} resultados", foundOne: "1 resultado", nothing: "Nada encontrado para “{q}”", noAnswer: "As páginas não respondem a isto", failed: "A pesquisa não responde", searching: "A pesquisar…", ask: "Enter para perguntar", copy: "Copiar", copied: "Copiado", all: "Todos os resultados", filters: "Filtros" },
  it: { search: "Cerca", placeholder: "Cerca o fai una domanda", close: "Chiudi", results: "Risultati", recent: "Ricerche recenti", answer: "Risposta", sources: "Fonti", source: "Fonte {n}", found: "{n} risultati", foundOne: "1 risultato", nothing: "Nessun risultato per “{q}”", noAnswer: "Le pagine non rispondono", failed: "La ricerca non risponde", searching: "Ricerca…", ask: "Invio per chiedere", copy: "Copia", copied: "Copiato", all: "Tutti i risultati", filters: "Filtri" },
  nl: { search: "Zoeken", placeholder: "Zoek of stel een vraag", close: "Sluiten", results: "Resultaten", recent: "Recente zoekopdrachten", answer: "Antwoord", sources: "Bronnen", source: "Bron {n}", found: "{n} resultaten", foundOne: "1 resultaat", nothing: "Niets gevonden voor “{q}”", noAnswer: "De pagina’s beantwoorden dit niet", failed: "De zoekfunctie antwoordt niet", searching: "Zoeken…", ask: "Enter om te vragen", copy: "Kopiëren", copied: "Gekopieerd", all: "Alle resultaten", filters: "Filters" },
  pl: { search: "Szukaj", placeholder: "Szukaj lub zadaj pytanie", close: "Zamknij", results: "Wyniki", recent: "Ostatnie wyszukiwania", answer: "Odpowiedź", sources: "Źródła", source: "Źródło {n}", found: "Wyniki: {n}", foundOne: "1 wynik", nothing: "Brak wyników dla „{q}”", noAnswer: "Strony na to nie odpowiadają", failed: "Wyszukiwarka nie odpowiada", searching: "Szukam…", ask: "Enter, aby zapytać", copy: "Kopiuj", copied: "Skopiowano", all: "Wszystkie wyniki", filters: "Filtry" },
  tr: { search: "Ara", placeholder: "Ara veya soru sor", close: "Kapat", results: "Sonuçlar", recent: "Son aramalar", answer: "Yanıt", sources: "Kaynaklar", source: "Kaynak {n}", found: "{n} sonuç", foundOne: "1 sonuç", nothing: "“{q}” için sonuç yok", noAnswer: "Sayfalar bunu yanıtlamıyor", failed: "Arama şu anda yanıt vermiyor", searching: "Aranıyor…", ask: "Sormak için Enter", copy: "Kopyala", copied: "Kopyalandı", all: "Tüm sonuçlar", filters: "Filtreler" },
  ru: { search: "Поиск", placeholder: "Найти или задать вопрос", close: "Закрыть", results: "Результаты", recent: "Недавние запросы", answer: "Ответ", sources: "Источники", source: "Источник {n}", found: "Результатов: {n}", foundOne: "1 результат", nothing: "По запросу «{q}» ничего нет", noAnswer: "На страницах нет ответа", failed: "Поиск сейчас не отвечает", searching: "Поиск…", ask: "Enter — спросить", copy: "Копировать", copied: "Скопировано", all: "Все результаты", filters: "Фильтры" },
  zh: { search: "搜索", placeholder: "搜索或提问", close: "关闭", results: "结果", recent: "最近搜索", answer: "回答", sources: "来源", source: "来源 {n}", found: "{n} 个结果", foundOne: "1 个结果", nothing: "没有找到“{q}”", noAnswer: "页面没有回答这个问题", failed: "搜索暂时没有响应", searching: "正在搜索…", ask: "按回车提问", copy: "复制", copied: "已复制", all: "全部结果", filters: "筛选" },
  ja: { search: "検索", placeholder: "検索または質問", close: "閉じる", results: "結果", recent: "最近の検索", answer: "回答", sources: "出典", source: "出典 {n}", found: "{n} 件", foundOne: "1 件", nothing: "「{q}」は見つかりません", noAnswer: "ページに答えがありません", failed: "検索が応答していません", searching: "検索中…", ask: "Enter で質問", copy: "コピー", copied: "コピーしました", all: "すべての結果", filters: "絞り込み" },
  ko: { search: "검색", placeholder: "검색하거나 질문하세요", close: "닫기", results: "결과", recent: "최근 검색", answer: "답변", sources: "출처", source: "출처 {n}", found: "결과 {n}개", foundOne: "결과 1개", nothing: "“{q}”에 대한 결과가 없습니다", noAnswer: "페이지에 답이 없습니다", failed: "검색이 응답하지 않습니다", searching: "검색 중…", ask: "Enter로 질문", copy: "복사", copied: "복사됨", all: "모든 결과", filters: "필터" },
  ar: { search: "بحث", placeholder: "ابحث أو اطرح سؤالاً", close: "إغلاق", results: "النتائج", recent: "عمليات البحث الأخيرة", answer: "الإجابة", sources: "المصادر", source: "المصدر {n}", found: "النتائج: {n}", foundOne: "نتيجة واحدة", nothing: "لا نتائج عن «{q}»", noAnswer: "الصفحات لا تجيب عن هذا", failed: "البحث لا يستجيب الآن", searching: "جارٍ البحث…", ask: "اضغط Enter للسؤال", copy: "نسخ", copied: "تم النسخ", all: "كل النتائج", filters: "عوامل التصفية" },
};

const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur"]);

// "pt-BR" is "pt" here; `own` are words of the site that uses the box, which come before ours.
export function labelsFor(language, own = {}) {
  const code = (language || "en").toLowerCase().split("-")[0];
  const words = { ...EN, ...WORDS[code], ...own };
  const say = (name, values = {}) => words[name].replace(/\{(\w)\}/g, (_, key) => values[key] ?? "");
  return { say, isRightToLeft: RIGHT_TO_LEFT.has(code) };
}

export const LANGUAGES = Object.keys(WORDS);
export const NAMES = Object.keys(EN);
