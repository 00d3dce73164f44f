// Words for the soft warnings. None of this is sent anywhere: it only looks at what is typed, on this device.

/** @param {string} list @param {string} glue */
const words = (list, glue) => list.trim().split(/\s+/).join(glue);

/** @param {string} list */
const setOf = (list) => new Set(list.trim().split(/\s+/));

/** First names that many children in the Netherlands, Flanders and Britain have; none that is a common word as well. */
export const NAMES = setOf(`
Adam Aisha Alex Ali Alice Aliyah Amber Amelia Amina Amira Amy Anna Anouk Arthur Ava Ayoub Bas Bilal Bram Britt Charlie Charlotte
Chloe Damian Daan Daniel David Dewi Dylan Eline Elif Elise Elizabeth Ella Elias Emily Emir Emma Emre Esra Esther Ethan Eva Evi Evie
Fatima Felix Femke Fenna Finn Fleur Floris Freddie Freya George Gijs Guus Hamza Hanna Hannah Harry Hasan Hugo Ibrahim Ilias Imane
Iris Isa Isabel Isabella Isla Jack Jacob James Jan Jasmijn Jason Jayden Jens Jesse Jessica Jip Joep Jonas Joris Joshua Julia Julian
Jurre Kai Karim Kaya Khadija Kim Koen Lars Laura Lauren Leah Leo Levi Lewis Lieke Liam Lily Lisa Liv Lizzy Loek Lola Lotte Louise Luca
Lucas Lucy Luna Luuk Lynn Maartje Maja Malik Maria Mariam Marit Maryam Mason Mats Matteo Maud Max Mehmet Mees Mia Mick Mila Milan Milou
Mohamed Mohammed Mohammad Morris Muhammad Mustafa Naomi Nathan Nick Nienke Nina Noa Noah Noor Nora Nour Oliver Olivia Omar Oscar Otis Pelle
Phileine Pieter Pim Poppy Quinten Rachel Rania Rayan Riley Robin Romy Ruben Ruby Ryan Salma Sam Samira Samuel Sanne Sara Sarah Saar Selma
Sem Senna Siem Sofia Sofie Sophia Sophie Stijn Sven Teun Thijs Thomas Tijn Tim Tobias Tom Tygo Ties Vera Victor Wout William Willem Yara
Yasmin Yasmine Youssef Yusuf Zahra Zara Zeynep Zoe Zoë`);

/** Words with a capital that are no pupil: days, months, languages, feasts, school words, grown-ups' titles. */
export const NO_NAMES = setOf(`
I Ik Juf Meester Meneer Mevrouw Mr Mrs Ms Miss Sir Madam Dhr Mw Directeur Intern Begeleider Houvast
Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November
December Maandag Dinsdag Woensdag Donderdag Vrijdag Zaterdag Zondag Januari Februari Maart Mei Juni Juli Augustus Oktober
Nederlands Nederlandse Nederland Vlaanderen Vlaams België Engels Frans Duits Turks Arabisch Pools English Dutch French German Turkish Arabic
Polish England Britain Belgium Netherlands Christmas Easter Ramadan Eid Diwali Halloween Sinterklaas Sint Piet Kerst Kerstmis Pasen
Suikerfeest Offerfeest Carnaval Koningsdag Chromebook Chromebooks IPad IPads Tablet Teams Google Classroom Parnassys Magister Gynzy Snappet
Smartschool Squla Bingel Prowise Cito Kwink Leerlab Nieuwsbegrip Kanjertraining Montessori Jenaplan Dalton Freinet Steiner Wifi YouTube Year
Room Groep Lokaal Klas Class Reception Nursery Kindergarten Head Office`);

/** Diagnoses, and medicines that give one away, in both languages; the ends of most words are open. */
export const DIAGNOSES = new RegExp(`(?<!\\p{L})(?:${words(String.raw`
adhd autis\p{L}* asperger pdd-?nos dysle[ckx]\p{L}* dyscalcul\p{L}* dyspra[kx]\p{L}* hechtingsstoornis\p{L}* hechtingsproblem\p{L}*
attachment_disorder trauma\p{L}* getraumatiseerd\p{L}* ptss ptsd depress\p{L}* angststoornis\p{L}* anxiety_disorder tourette\p{L}* epilep\p{L}*
diabet\p{L}* suikerziekte anorexia boulimi\p{L}* bulimi\p{L}* eetstoornis\p{L}* eating_disorder borderline schizo\p{L}* psychot\p{L}* psychos\p{L}*
selecti(?:ef|ve)_mutis\p{L}* f(?:oe|e)taa?l_alcohol fasd \p{L}*syndroom syndrome verstandelijk\p{L}*_beperk\p{L}* learning_disabilit\p{L}*
gedragsstoornis\p{L}* conduct_disorder taalontwikkelingsstoornis ritalin methylfenidaat methylphenidate concerta medikinet dexamfetamine
risperidon\p{L}* antidepress\p{L}* medicatie medication su[iï]cid\p{L}*`, '|').replaceAll('_', '[ -]')})(?!\\p{L})`, 'giu');

/** The same as abbreviations: only in capitals, or they are ordinary words. */
export const ABBREVIATIONS = /(?<!\p{L})(?:ADD|ASS|ASD|ODD|CD|TOS|FAS|OCD|SEND|PDD)(?!\p{L})/gu;
